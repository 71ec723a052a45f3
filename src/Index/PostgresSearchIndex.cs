using Microsoft.Extensions.AI;
using Pipeline.Index.Embeddings;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>The index in PostgreSQL with pgvector: any number of nodes ask it and write to it, and none keeps anything in memory.</summary>
public sealed class PostgresSearchIndex : ISearchIndex
{
    private readonly IDatabase _database;
    private readonly Embedder _embedder;
    private readonly EntryKeeper _keeper;
    private readonly HybridSearch _search;

    /// <param name="database">PostgreSQL with the extension (<see cref="PostgresVectorExtension"/>), already migrated with <see cref="Tables"/>.</param>
    /// <param name="generator">What makes the vectors. Vectors of another generator are made again when their scope is next asked.</param>
    public PostgresSearchIndex(IDatabase database, IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        var store = new PostgresEntryStore();
        (_database, _embedder, _keeper) = (database, new Embedder(generator), new EntryKeeper(store));
        _search = new HybridSearch(new PostgresSearchBackEnd(database, _embedder, new Reembedding(database, _embedder, store)), _embedder);
    }

    /// <summary>The tables, in the order of their migrations.</summary>
    public static IReadOnlyList<Table> Tables { get; } =
        [ScopesTable.Schema, SourcesTable.Schema, EntriesTable.Schema, FieldsTable.Schema, PostgresNumbersTable.Schema, PostgresPostingsTable.Schema, PostgresVectorTable.Schema];

    /// <summary>
    /// pgvector's settings for a question: candidates that the graph keeps in view, and how many entries it may pass where a filter rejects them
    /// before everything that meets the filter is looked at instead.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["hnsw.ef_search"] = "200",
        ["hnsw.iterative_scan"] = "relaxed_order",
        ["hnsw.max_scan_tuples"] = "20000",
    };

    public Task<PreparedEntries> PrepareAsync(IReadOnlyList<IndexEntry> entries, CancellationToken cancellation) =>
        EntryPreparation.PrepareAsync(entries, _embedder, cancellation);

    public ValueTask ReplaceAsync(ITransaction tx, SourceKey key, PreparedEntries prepared) => _keeper.ReplaceAsync(tx, key, prepared);

    public ValueTask RemoveAsync(ITransaction tx, string scope, string subject) => _keeper.RemoveAsync(tx, scope, subject);

    public ValueTask<IReadOnlyDictionary<EntryKind, long>> CountAsync(IQuery query, string scope, string subject, long version) =>
        EntryKeeper.CountAsync(query, scope, subject, version);

    public Task<IReadOnlyList<SearchHit>> QueryAsync(SearchQuery query, CancellationToken cancellation) => _search.RunAsync(query, cancellation);

    public Task<StoredEntry?> GetAsync(string hitId, CancellationToken cancellation) => EntryKeeper.GetAsync(_database, hitId, cancellation);
}
