using Microsoft.Extensions.AI;
using Pipeline.Index.Embeddings;
using Pipeline.Index.Vectors;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>The index in process: words in SQLite's FTS5, vectors in memory from a table of their own.</summary>
public sealed class SqliteSearchIndex : StoredSearchIndex, ISearchIndex, IDisposable
{
    private readonly VectorScopes _scopes;

    /// <param name="database">SQLite, already migrated with <see cref="Tables"/>.</param>
    /// <param name="generator">What makes the vectors. Vectors of another generator are made again when their scope is next asked.</param>
    public SqliteSearchIndex(IDatabase database, IEmbeddingGenerator<string, Embedding<float>> generator)
        : this(database, new Embedder(generator), new SqliteEntryStore())
    {
    }

    private SqliteSearchIndex(IDatabase database, Embedder embedder, SqliteEntryStore store)
        : this(database, embedder, store, new VectorScopes(database, embedder, new Reembedding(database, embedder, store)))
    {
    }

    private SqliteSearchIndex(IDatabase database, Embedder embedder, SqliteEntryStore store, VectorScopes scopes)
        : base(database, embedder, store, new SqliteSearchBackEnd(database, scopes)) => _scopes = scopes;

    /// <summary>The tables, in the order of their migrations.</summary>
    public static IReadOnlyList<Table> Tables { get; } =
        [IdentifiersTable.Schema, ScopesTable.Schema, SourcesTable.Schema, EntriesTable.Schema, FieldsTable.Schema, SqliteTextTable.Schema, SqliteVectorTable.Schema];

    public ValueTask<IReadOnlyDictionary<EntryKind, long>> CountAsync(IQuery query, string scope, string subject, long version) =>
        EntryKeeper.CountAsync(query, scope, subject, version);

    public void Dispose() => _scopes.Dispose();
}
