using Microsoft.Extensions.AI;
using Pipeline.Index.Embeddings;
using Pipeline.Index.Vectors;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>The index in process: words in SQLite's FTS5, vectors in memory from a table of their own.</summary>
public sealed class SqliteSearchIndex : ISearchIndex, IDisposable
{
    private readonly IDatabase _database;
    private readonly Embedder _embedder;
    private readonly VectorScopes _scopes;

    /// <param name="database">SQLite, already migrated with <see cref="Tables"/>.</param>
    /// <param name="generator">What makes the vectors. Vectors of another generator are made again when their scope is next asked.</param>
    public SqliteSearchIndex(IDatabase database, IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        (_database, _embedder) = (database, new Embedder(generator));
        _scopes = new VectorScopes(database, _embedder);
    }

    /// <summary>The tables, in the order of their migrations.</summary>
    public static IReadOnlyList<Table> Tables { get; } =
        [IdentifiersTable.Schema, ScopesTable.Schema, SourcesTable.Schema, EntriesTable.Schema, FieldsTable.Schema, SqliteTextTable.Schema, SqliteVectorTable.Schema];

    public Task<PreparedEntries> PrepareAsync(IReadOnlyList<IndexEntry> entries, CancellationToken cancellation) =>
        EntryPreparation.PrepareAsync(entries, _embedder, cancellation);

    public async ValueTask ReplaceAsync(ITransaction tx, SourceKey key, PreparedEntries prepared)
    {
        var scope = await ScopesTable.AdvanceAsync(tx, key.Scope).ConfigureAwait(false);
        var versions = await SourcesTable.VersionsAsync(tx, scope.ScopeId, key).ConfigureAwait(false);
        var others = versions.Where(row => row.Version != key.Version && row.Entries > 0).ToList();
        foreach (var before in versions.Where(row => row.Version == key.Version))
        {
            await ClearAsync(tx, before.SourceId).ConfigureAwait(false);
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
                await SqliteTextTable.MarkAsync(tx, scope.ScopeId, others[place].SourceId, shown).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask RemoveAsync(ITransaction tx, string scope, string subject)
    {
        var row = await ScopesTable.AdvanceAsync(tx, scope).ConfigureAwait(false);
        foreach (var source in await SourcesTable.OfSubjectAsync(tx, row.ScopeId, subject).ConfigureAwait(false))
        {
            await ClearAsync(tx, source.SourceId).ConfigureAwait(false);
            await SourcesTable.EmptyAsync(tx, source.SourceId, row.Revision).ConfigureAwait(false);
        }
    }

    public async ValueTask<IReadOnlyDictionary<EntryKind, long>> CountAsync(IQuery query, string scope, string subject, long version)
    {
        var counts = await EntriesTable.CountsAsync(query, scope, subject, version).ConfigureAwait(false);
        return counts.ToDictionary(count => EntryKinds.Parse(count.Kind)!.Value, count => count.Entries);
    }

    public Task<IReadOnlyList<SearchHit>> QueryAsync(SearchQuery query, CancellationToken cancellation) =>
        new HybridSearch(_database, _embedder, _scopes).RunAsync(query, cancellation);

    public async Task<StoredEntry?> GetAsync(string hitId, CancellationToken cancellation)
    {
        if (StoredEntry.ParseHitId(hitId) is not { } id)
        {
            return null;
        }

        var rows = await _database.ReadAsync(query => EntriesTable.FindAsync(query, [id]), cancellation).ConfigureAwait(false);
        return rows is [{ FirstEntryId: null } row] ? row.ToEntry() : null;
    }

    public void Dispose() => _scopes.Dispose();

    private static async ValueTask ClearAsync(ITransaction tx, long sourceId)
    {
        await SqliteTextTable.DeleteAsync(tx, sourceId).ConfigureAwait(false);
        await SqliteVectorTable.DeleteAsync(tx, sourceId).ConfigureAwait(false);
        await FieldsTable.DeleteAsync(tx, sourceId).ConfigureAwait(false);
        await EntriesTable.DeleteAsync(tx, sourceId).ConfigureAwait(false);
    }

    private static async ValueTask InsertAsync(ITransaction tx, ScopeRow scope, long sourceId, bool current, IReadOnlyList<PreparedRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var firstId = await IdentifiersTable.ReserveAsync(tx, rows.Count).ConfigureAwait(false);
        await EntriesTable.InsertAsync(tx, sourceId, firstId, rows).ConfigureAwait(false);
        await SqliteTextTable.InsertAsync(tx, scope.ScopeId, current, firstId, rows).ConfigureAwait(false);
        await SqliteVectorTable.PutAsync(tx, rows.Select((row, place) => (firstId + place, row.Vector))).ConfigureAwait(false);
        var fields = rows.SelectMany(row => row.Entry.Fields ?? new Dictionary<string, FieldValue>()).GroupBy(field => field.Key, StringComparer.Ordinal);
        await FieldsTable.InsertAsync(tx, sourceId, fields.ToDictionary(group => group.Key, group => group.Last().Value)).ConfigureAwait(false);
    }
}
