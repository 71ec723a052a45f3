using Pipeline.Storage.Moving;

namespace Pipeline.McpServer.Moving;

/// <summary>What came of a move.</summary>
/// <param name="Ok">The house lives in the new place, whole.</param>
/// <param name="AlreadyMoved">It did before.</param>
/// <param name="From">The data folder.</param>
/// <param name="Postgres">Where the rows are; null when they were not moved.</param>
/// <param name="Objects">Where the objects are; null when they were not moved.</param>
/// <param name="ObjectsMoved">What was moved of them in this run.</param>
/// <param name="Tables">Each table before and after.</param>
/// <param name="Problems">What is wrong, in words; empty when nothing is.</param>
/// <param name="Environment">The settings to serve the house with. Secrets are told of, not told.</param>
internal sealed record MoveReport(
    bool Ok, bool AlreadyMoved, string From, string? Postgres, string? Objects, MovedObjects? ObjectsMoved, IReadOnlyList<TableCheck> Tables, IReadOnlyList<string> Problems,
    IReadOnlyDictionary<string, string> Environment);

/// <summary>Objects that rows name.</summary>
/// <param name="Named">How many there are.</param>
/// <param name="Sent">How many were sent in this run, each hashed on the way.</param>
/// <param name="SentBytes">Of those.</param>
/// <param name="Problems">Those that are not in the new place as they should be, and why.</param>
internal sealed record MovedObjects(long Named, long Sent, long SentBytes, IReadOnlyList<string> Problems)
{
    /// <summary>Both passes together: what the second found counts, and what both sent.</summary>
    public MovedObjects After(MovedObjects? before) => this with { Sent = Sent + (before?.Sent ?? 0), SentBytes = SentBytes + (before?.SentBytes ?? 0) };
}
