using Pipeline.Index.Embeddings;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>Finds moments by words: a list by words and a list by vectors, fused by rank.</summary>
public interface ISearchIndex
{
    /// <summary>
    /// Does the slow work (cleaning, windows over cues, embeddings), outside any transaction. Transcript entries also get overlapping windows,
    /// which are only ever answered as one of their cues.
    /// </summary>
    /// <exception cref="InvalidEntryException">An entry has no words, or times that are reversed, negative or not finite.</exception>
    /// <exception cref="EmbeddingFailedException">The embedding endpoint gave no vectors.</exception>
    Task<PreparedEntries> PrepareAsync(IReadOnlyList<IndexEntry> entries, CancellationToken cancellation);

    /// <summary>
    /// Makes the prepared entries all that the key's source says about that version; other sources and versions keep theirs. Rows only: it
    /// commits or rolls back with the caller's transaction.
    /// </summary>
    ValueTask ReplaceAsync(ITransaction tx, SourceKey key, PreparedEntries prepared);

    /// <summary>Removes every entry of the subject, of all sources and versions.</summary>
    ValueTask RemoveAsync(ITransaction tx, string scope, string subject);

    /// <summary>How many entries of each kind are held of one version of a subject, windows left out; empty when there are none.</summary>
    ValueTask<IReadOnlyDictionary<EntryKind, long>> CountAsync(IQuery query, string scope, string subject, long version);

    /// <summary>The best hits, best first; equal scores stand in the order of their ids. An unknown scope or no usable word has no hits.</summary>
    Task<IReadOnlyList<SearchHit>> QueryAsync(SearchQuery query, CancellationToken cancellation);

    /// <summary>The entry behind a handle, or null. It may be of any scope: the caller checks who asks.</summary>
    Task<StoredEntry?> GetAsync(string hitId, CancellationToken cancellation);
}
