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
    private readonly EntryKeeper _keeper;
    private readonly VectorScopes _scopes;
    private readonly HybridSearch _search;

    /// <param name="database">SQLite, already migrated with <see cref="Tables"/>.</param>
    /// <param name="generator">What makes the vectors. Vectors of another generator are made again when their scope is next asked.</param>
    public SqliteSearchIndex(IDatabase database, IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        var store = new SqliteEntryStore();
        (_database, _embedder, _keeper) = (database, new Embedder(generator), new EntryKeeper(store));
        _scopes = new VectorScopes(database, _embedder, new Reembedding(database, _embedder, store));
        _search = new HybridSearch(new SqliteSearchBackEnd(database, _scopes), _embedder);
    }

    /// <summary>The tables, in the order of their migrations.</summary>
    public static IReadOnlyList<Table> Tables { get; } =
        [IdentifiersTable.Schema, ScopesTable.Schema, SourcesTable.Schema, EntriesTable.Schema, FieldsTable.Schema, SqliteTextTable.Schema, SqliteVectorTable.Schema];

    public Task<PreparedEntries> PrepareAsync(IReadOnlyList<IndexEntry> entries, CancellationToken cancellation) =>
        EntryPreparation.PrepareAsync(entries, _embedder, cancellation);

    public ValueTask ReplaceAsync(ITransaction tx, SourceKey key, PreparedEntries prepared) => _keeper.ReplaceAsync(tx, key, prepared);

    public ValueTask RemoveAsync(ITransaction tx, string scope, string subject) => _keeper.RemoveAsync(tx, scope, subject);

    public ValueTask<IReadOnlyDictionary<EntryKind, long>> CountAsync(IQuery query, string scope, string subject, long version) =>
        EntryKeeper.CountAsync(query, scope, subject, version);

    public Task<IReadOnlyList<SearchHit>> QueryAsync(SearchQuery query, CancellationToken cancellation) => _search.RunAsync(query, cancellation);

    public Task<StoredEntry?> GetAsync(string hitId, CancellationToken cancellation) => EntryKeeper.GetAsync(_database, hitId, cancellation);

    public void Dispose() => _scopes.Dispose();
}
