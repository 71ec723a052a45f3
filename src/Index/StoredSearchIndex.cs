using Pipeline.Index.Embeddings;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>What <see cref="ISearchIndex"/> is in a database whichever the engine: entries kept by <see cref="EntryKeeper"/>, asked through <see cref="HybridSearch"/>.</summary>
public abstract class StoredSearchIndex
{
    private readonly IDatabase _database;
    private readonly Embedder _embedder;
    private readonly EntryKeeper _keeper;
    private readonly HybridSearch _search;

    private protected StoredSearchIndex(IDatabase database, Embedder embedder, IEntryStore store, ISearchBackEnd backEnd) =>
        (_database, _embedder, _keeper, _search) = (database, embedder, new EntryKeeper(store), new HybridSearch(backEnd, embedder));

    public Task<PreparedEntries> PrepareAsync(IReadOnlyList<IndexEntry> entries, CancellationToken cancellation) =>
        EntryPreparation.PrepareAsync(entries, _embedder, cancellation);

    public ValueTask ReplaceAsync(ITransaction tx, SourceKey key, PreparedEntries prepared) => _keeper.ReplaceAsync(tx, key, prepared);

    public ValueTask RemoveAsync(ITransaction tx, string scope, string subject) => _keeper.RemoveAsync(tx, scope, subject);

    public Task<IReadOnlyList<SearchHit>> QueryAsync(SearchQuery query, CancellationToken cancellation) => _search.RunAsync(query, cancellation);

    public Task<StoredEntry?> GetAsync(string hitId, CancellationToken cancellation) => EntryKeeper.GetAsync(_database, hitId, cancellation);
}
