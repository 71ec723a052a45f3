using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>Entries in PostgreSQL: a few statements for all of a source's rows, their columns as arrays.</summary>
internal sealed class PostgresEntryStore : IEntryStore
{
    public async ValueTask InsertAsync(ITransaction tx, long scopeId, long sourceId, bool current, IReadOnlyList<PreparedRow> rows)
    {
        var firstId = await PostgresNumbersTable.ReserveAsync(tx, scopeId, rows.Count).ConfigureAwait(false);
        await EntriesTable.InsertAtOnceAsync(tx, sourceId, firstId, rows).ConfigureAwait(false);
        await PostgresVectorTable.InsertAsync(tx, scopeId, sourceId, current, firstId, rows).ConfigureAwait(false);
        await PostgresPostingsTable.InsertAsync(
            tx, scopeId, sourceId, current, firstId, [.. rows.Select(row => (row.Entry.Kind.Name(), row.First is not null, row.Terms))]).ConfigureAwait(false);
    }

    public async ValueTask DeleteAsync(ITransaction tx, long scopeId, long sourceId)
    {
        await PostgresPostingsTable.DeleteAsync(tx, sourceId).ConfigureAwait(false);
        await PostgresVectorTable.DeleteAsync(tx, scopeId, sourceId).ConfigureAwait(false);
    }

    public async ValueTask MarkAsync(ITransaction tx, long scopeId, long sourceId, bool current)
    {
        await PostgresPostingsTable.MarkAsync(tx, sourceId, current).ConfigureAwait(false);
        await PostgresVectorTable.MarkAsync(tx, scopeId, sourceId, current).ConfigureAwait(false);
    }

    public ValueTask EmbedAsync(ITransaction tx, long scopeId, SourceRow source, IReadOnlyList<EntryRow> rows, IReadOnlyList<float[]> vectors) =>
        PostgresVectorTable.EmbedAsync(tx, scopeId, [.. rows.Select((row, place) => (row.EntryId, vectors[place]))]);
}
