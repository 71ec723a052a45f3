using Pipeline.Index.Text;

namespace Pipeline.Index;

/// <summary>The two sides of one question, by words and by vectors, read in one snapshot; every list holds only what meets the query's filters.</summary>
internal interface ISearchSides
{
    /// <summary>What the scope's words are like.</summary>
    WordStatistics Words { get; }

    /// <summary>The entries, at most <paramref name="limit"/>, that fit the plan's terms best, in no order, with their scores.</summary>
    ValueTask<IReadOnlyList<(long EntryId, double Score)>> ByWordsAsync(QueryPlan plan, Bm25 scores, int limit);

    /// <summary>The most similar entries, at most <paramref name="limit"/>, best first; equal ones in the order of their ids.</summary>
    ValueTask<IReadOnlyList<(long EntryId, float Similarity)>> ByVectorAsync(int limit);

    /// <summary>The cues of those of these entries that are windows.</summary>
    ValueTask<IReadOnlyList<WindowCue>> CuesAsync(IReadOnlyCollection<long> ids);
}
