using Pipeline.Storage.Objects;

namespace Pipeline.McpServer.Moving;

/// <summary>What is to be moved where. No record, for its text would hold the connection string.</summary>
internal sealed class MoveSettings
{
    /// <summary>The data folder.</summary>
    public required string From { get; init; }

    /// <summary>Npgsql's connection string, a secret; null when the rows stay.</summary>
    public string? Postgres { get; init; }

    /// <summary>The bucket; null when the objects stay.</summary>
    public S3Options? Objects { get; init; }

    /// <summary>Whether to wait until the folder's owner has ended.</summary>
    public bool Waits { get; init; }
}
