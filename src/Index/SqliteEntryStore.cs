using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>Entries in SQLite: one statement a row, prepared once; words in FTS5, vectors as bytes.</summary>
internal sealed class SqliteEntryStore : IEntryStore
{
    public async ValueTask InsertAsync(ITransaction tx, long scopeId, long sourceId, bool current, IReadOnlyList<PreparedRow> rows)
    {
        var firstId = await IdentifiersTable.ReserveAsync(tx, rows.Count).ConfigureAwait(false);
        await EntriesTable.InsertAsync(tx, sourceId, firstId, rows).ConfigureAwait(false);
        await SqliteTextTable.InsertAsync(tx, scopeId, current, firstId, rows).ConfigureAwait(false);
        await SqliteVectorTable.PutAsync(tx, rows.Select((row, place) => (firstId + place, row.Vector))).ConfigureAwait(false);
    }

    public async ValueTask DeleteAsync(ITransaction tx, long scopeId, long sourceId)
    {
        await SqliteTextTable.DeleteAsync(tx, sourceId).ConfigureAwait(false);
        await SqliteVectorTable.DeleteAsync(tx, sourceId).ConfigureAwait(false);
    }

    public ValueTask MarkAsync(ITransaction tx, long scopeId, long sourceId, bool current) => SqliteTextTable.MarkAsync(tx, scopeId, sourceId, current);

    public ValueTask EmbedAsync(ITransaction tx, long scopeId, SourceRow source, IReadOnlyList<EntryRow> rows, IReadOnlyList<float[]> vectors) =>
        SqliteVectorTable.PutAsync(tx, rows.Select((row, place) => (row.EntryId, vectors[place])));
}
