using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>How one back end keeps a source's entries: the rows that all share, and beside them its own words and vectors.</summary>
internal interface IEntryStore
{
    /// <summary>Adds entries to a source that holds none.</summary>
    ValueTask InsertAsync(ITransaction tx, long scopeId, long sourceId, bool current, IReadOnlyList<PreparedRow> rows);

    /// <summary>Removes all that a source holds.</summary>
    ValueTask DeleteAsync(ITransaction tx, long scopeId, long sourceId);

    /// <summary>Moves a source's entries to the current ones or to the older ones.</summary>
    ValueTask MarkAsync(ITransaction tx, long scopeId, long sourceId, bool current);

    /// <summary>Gives entries that are there other vectors, one for each row, all of one length.</summary>
    ValueTask EmbedAsync(ITransaction tx, long scopeId, SourceRow source, IReadOnlyList<EntryRow> rows, IReadOnlyList<float[]> vectors);
}
