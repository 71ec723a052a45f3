using Pipeline.Index.Text;
using Pipeline.Index.Vectors;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>The words of FTS5 and the vectors in memory.</summary>
internal sealed class SqliteSearchSides(IQuery rows, VectorScope scope, long scopeId, Question question, QueryFilter filter, WordStatistics words) : ISearchSides
{
    private const int SpareRanks = 3;

    public WordStatistics Words => words;

    // FTS5 ranks with the statistics of all scopes together; of somewhat more than are asked for, the scope's own choose.
    public async ValueTask<IReadOnlyList<(long EntryId, double Score)>> ByWordsAsync(QueryPlan plan, Bm25 scores, int limit)
    {
        var found = await SqliteTextTable.MatchAsync(rows, scopeId, plan, filter, SpareRanks * limit).ConfigureAwait(false);
        var chosen = found.Count <= limit
            ? found
            : found.OrderByDescending(row => scores.Score(row.Terms, plan.Terms)).ThenBy(row => row.EntryId).Take(limit);
        return [.. chosen.Select(row => (row.EntryId, scores.Score(row.Terms)))];
    }

    public async ValueTask<IReadOnlyList<(long EntryId, float Similarity)>> ByVectorAsync(int limit) =>
        scope.Scan(question.Vector, await VectorFilterAsync().ConfigureAwait(false), limit);

    public async ValueTask<IReadOnlyList<WindowCue>> CuesAsync(IReadOnlyCollection<long> ids)
    {
        var cues = new List<WindowCue>();
        foreach (var window in ids.Count == 0 ? [] : await EntriesTable.WindowsAsync(rows, ids).ConfigureAwait(false))
        {
            var members = await SqliteTextTable.TermsAsync(rows, window.FirstEntryId!.Value, window.LastEntryId!.Value).ConfigureAwait(false);
            cues.AddRange(members.Select(cue => new WindowCue(window.EntryId, cue.EntryId, cue.Terms, scope.Similarity(question.Vector, cue.EntryId))));
        }

        return cues;
    }

    private async ValueTask<VectorFilter> VectorFilterAsync() => new(
        filter.Kinds,
        filter.ChoosesSources ? (await EntriesTable.MeetingAsync(rows, filter, entries: false).ConfigureAwait(false)).ToHashSet() : null,
        filter.ChoosesEntries ? (await EntriesTable.MeetingAsync(rows, filter, entries: true).ConfigureAwait(false)).ToHashSet() : null);
}
