namespace Pipeline.Index;

/// <summary>Entries with everything slow already done, ready to be written in a transaction.</summary>
public sealed class PreparedEntries
{
    internal PreparedEntries(IReadOnlyList<PreparedRow> rows, IReadOnlyDictionary<EntryKind, int> counts, string embedding) =>
        (Rows, Counts, Embedding) = (rows, counts, embedding);

    /// <summary>How many entries of each kind the caller gave.</summary>
    public IReadOnlyDictionary<EntryKind, int> Counts { get; }

    internal IReadOnlyList<PreparedRow> Rows { get; }

    /// <summary>Name and dimension of what made the vectors.</summary>
    internal string Embedding { get; }
}
