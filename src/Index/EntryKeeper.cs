using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>Which source's entries are replaced, shown and removed; where they lie is the store's concern. Every back end shares it.</summary>
internal sealed class EntryKeeper(IEntryStore store)
{
    public async ValueTask ReplaceAsync(ITransaction tx, SourceKey key, PreparedEntries prepared)
    {
        var scope = await ScopesTable.AdvanceAsync(tx, key.Scope).ConfigureAwait(false);
        var versions = await SourcesTable.VersionsAsync(tx, scope.ScopeId, key).ConfigureAwait(false);
        var others = versions.Where(row => row.Version != key.Version && row.Entries > 0).ToList();
        foreach (var before in versions.Where(row => row.Version == key.Version))
        {
            await ClearAsync(tx, scope.ScopeId, before.SourceId).ConfigureAwait(false);
        }

        var current = prepared.Rows.Count > 0 && others.All(row => row.Version < key.Version);
        var sourceId = await SourcesTable.PutAsync(
            tx, scope, key, current, prepared.Rows.Count, prepared.Rows.Sum(row => (long)row.Terms.Count), prepared.Embedding).ConfigureAwait(false);
        await InsertAsync(tx, scope, sourceId, current, prepared.Rows).ConfigureAwait(false);

        // The other versions stand newest first; the newest of all that holds anything is the current one.
        for (var place = 0; place < others.Count; place++)
        {
            var shown = place == 0 && !current && (prepared.Rows.Count == 0 || others[0].Version > key.Version);
            if (shown != (others[place].Current == 1))
            {
                await SourcesTable.MarkAsync(tx, others[place].SourceId, scope.Revision, shown).ConfigureAwait(false);
                await store.MarkAsync(tx, scope.ScopeId, others[place].SourceId, shown).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask RemoveAsync(ITransaction tx, string scope, string subject)
    {
        var row = await ScopesTable.AdvanceAsync(tx, scope).ConfigureAwait(false);
        foreach (var source in await SourcesTable.OfSubjectAsync(tx, row.ScopeId, subject).ConfigureAwait(false))
        {
            await ClearAsync(tx, row.ScopeId, source.SourceId).ConfigureAwait(false);
            await SourcesTable.EmptyAsync(tx, source.SourceId, row.Revision).ConfigureAwait(false);
        }
    }

    public static async ValueTask<IReadOnlyDictionary<EntryKind, long>> CountAsync(IQuery query, string scope, string subject, long version)
    {
        var counts = await EntriesTable.CountsAsync(query, scope, subject, version).ConfigureAwait(false);
        return counts.ToDictionary(count => EntryKinds.Parse(count.Kind)!.Value, count => count.Entries);
    }

    public static async Task<StoredEntry?> GetAsync(IDatabase database, string hitId, CancellationToken cancellation)
    {
        if (StoredEntry.ParseHitId(hitId) is not { } id)
        {
            return null;
        }

        var rows = await database.ReadAsync(query => EntriesTable.FindAsync(query, [id]), cancellation).ConfigureAwait(false);
        return rows is [{ FirstEntryId: null } row] ? row.ToEntry() : null;
    }

    private async ValueTask ClearAsync(ITransaction tx, long scopeId, long sourceId)
    {
        await store.DeleteAsync(tx, scopeId, sourceId).ConfigureAwait(false);
        await FieldsTable.DeleteAsync(tx, sourceId).ConfigureAwait(false);
        await EntriesTable.DeleteAsync(tx, sourceId).ConfigureAwait(false);
    }

    private async ValueTask InsertAsync(ITransaction tx, ScopeRow scope, long sourceId, bool current, IReadOnlyList<PreparedRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await store.InsertAsync(tx, scope.ScopeId, sourceId, current, rows).ConfigureAwait(false);
        var fields = rows.SelectMany(row => row.Entry.Fields ?? new Dictionary<string, FieldValue>()).GroupBy(field => field.Key, StringComparer.Ordinal);
        await FieldsTable.InsertAsync(tx, sourceId, fields.ToDictionary(group => group.Key, group => group.Last().Value)).ConfigureAwait(false);
    }
}
