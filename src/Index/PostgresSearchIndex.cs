using Microsoft.Extensions.AI;
using Pipeline.Index.Embeddings;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>The index in PostgreSQL with pgvector: any number of nodes ask it and write to it, and none keeps anything in memory.</summary>
public sealed class PostgresSearchIndex : StoredSearchIndex, ISearchIndex
{
    /// <param name="database">PostgreSQL with the extension (<see cref="PostgresVectorExtension"/>), already migrated with <see cref="Tables"/>.</param>
    /// <param name="generator">What makes the vectors. Vectors of another generator are made again when their scope is next asked.</param>
    public PostgresSearchIndex(IDatabase database, IEmbeddingGenerator<string, Embedding<float>> generator)
        : this(database, new Embedder(generator), new PostgresEntryStore())
    {
    }

    private PostgresSearchIndex(IDatabase database, Embedder embedder, PostgresEntryStore store)
        : base(database, embedder, store, new PostgresSearchBackEnd(database, embedder, new Reembedding(database, embedder, store)))
    {
    }

    /// <summary>The tables, in the order of their migrations.</summary>
    public static IReadOnlyList<Table> Tables { get; } =
        [ScopesTable.Schema, SourcesTable.Schema, EntriesTable.Schema, FieldsTable.Schema, PostgresNumbersTable.Schema, PostgresPostingsTable.Schema, PostgresVectorTable.Schema];

    /// <summary>The current entries from which a graph is searched more broadly: with them it finds less at the same breadth.</summary>
    public const long ManyEntries = 300_000;

    /// <summary>
    /// pgvector's settings for a question: candidates that the graph keeps in view, and how many entries it may pass where a filter rejects them
    /// before everything that meets the filter is looked at instead.
    /// </summary>
    /// <param name="entries">How many current entries the scope holds.</param>
    public static IReadOnlyDictionary<string, string> SettingsFor(long entries) => new Dictionary<string, string>
    {
        ["hnsw.ef_search"] = entries >= ManyEntries ? "400" : "200",
        ["hnsw.iterative_scan"] = "relaxed_order",
        ["hnsw.max_scan_tuples"] = "20000",
    };

    public ValueTask<IReadOnlyDictionary<EntryKind, long>> CountAsync(IQuery query, string scope, string subject, long version) =>
        EntryKeeper.CountAsync(query, scope, subject, version);
}
