using System.Runtime.InteropServices;
using Pgvector;
using Pipeline.Index.Text;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>The postings and the vectors of one scope in PostgreSQL.</summary>
/// <param name="rows">The snapshot.</param>
/// <param name="scope">The scope as it stands in the snapshot.</param>
/// <param name="question">What is asked.</param>
/// <param name="filter">What answers must meet.</param>
internal sealed class PostgresSearchSides(IQuery rows, PostgresScope scope, Question question, QueryFilter filter) : ISearchSides
{
    private readonly Vector _vector = new(question.Vector);
    private readonly HashSet<long> _windows = [];
    private IReadOnlyList<SimilarRow>? _similar;

    public WordStatistics Words => scope.Words;

    public async ValueTask<IReadOnlyList<(long EntryId, double Score)>> ByWordsAsync(QueryPlan plan, Bm25 scores, int limit)
    {
        var found = Score(await PostgresPostingsTable.FindAsync(rows, scope.ScopeId, plan, filter).ConfigureAwait(false), scores, plan.Matches > HybridSearch.MatchBudget);
        if (filter.ChoosesEntries && found.Count > 0)
        {
            var meeting = await EntriesTable.MeetingAsync(rows, filter, [.. found.Keys]).ConfigureAwait(false);
            found = meeting.ToDictionary(id => id, id => found[id]);
        }

        var best = found.OrderByDescending(row => row.Value).ThenBy(row => row.Key).Take(limit).Select(row => (row.Key, row.Value)).ToList();
        if (best.Count == 0 || scores.Terms.All(plan.Terms.Contains))
        {
            return best;
        }

        // What was found by the rarer words is ranked by all of them; its terms come with the other side's answer, in one round trip.
        var answer = await SimilarAsync(limit, [.. best.Select(row => row.Key)]).ConfigureAwait(false);
        _similar = answer;
        return [.. answer.Where(row => row.Terms is not null).Select(row => (row.EntryId, scores.Score(row.Terms!.Split(' '))))];
    }

    public async ValueTask<IReadOnlyList<(long EntryId, float Similarity)>> ByVectorAsync(int limit)
    {
        var found = (_similar ?? await SimilarAsync(limit, []).ConfigureAwait(false)).Where(row => row.Terms is null).ToList();
        _windows.UnionWith(found.Where(row => row.FirstEntryId is not null).Select(row => row.EntryId));
        return [.. found.OrderByDescending(row => row.Similarity).ThenBy(row => row.EntryId).Select(row => (row.EntryId, (float)row.Similarity))];
    }

    public async ValueTask<IReadOnlyList<WindowCue>> CuesAsync(IReadOnlyCollection<long> ids)
    {
        var windows = ids.Where(_windows.Contains).ToArray();
        var cues = windows.Length == 0 ? [] : await PostgresVectorTable.CuesAsync(rows, scope.ScopeId, _vector, windows).ConfigureAwait(false);
        return [.. cues.Select(cue => new WindowCue(cue.WindowId, cue.EntryId, cue.Terms.Split(' '), (float)cue.Similarity))];
    }

    private async ValueTask<IReadOnlyList<SimilarRow>> SimilarAsync(int limit, long[] termsOf)
    {
        if (await UsesGraphAsync().ConfigureAwait(false))
        {
            var near = await PostgresVectorTable.NearAsync(rows, scope.ScopeId, _vector, filter, limit, termsOf).ConfigureAwait(false);
            if (near.Count(row => row.Terms is null) >= limit)
            {
                return near;
            }
        }

        // There is no graph, or it was left before it had enough: whatever is there is found by looking at all of it.
        return await PostgresVectorTable.ScanAsync(rows, scope.ScopeId, _vector, filter, limit, termsOf).ConfigureAwait(false);
    }

    // A narrow filter is answered sooner by the entries that meet it than by a walk past all that do not.
    private async ValueTask<bool> UsesGraphAsync() => scope.HasGraph && !filter.AnyVersion && ((filter.Kinds.Count == 0 && !filter.ChoosesSources)
        || await PostgresVectorTable.CountAsync(rows, scope.ScopeId, filter, PostgresVectorGraphs.FewEntries).ConfigureAwait(false) >= PostgresVectorGraphs.FewEntries);

    // Terms in their order, so that equal entries score alike to the last bit. Of one too common term only the newest entries are taken.
    private Dictionary<long, double> Score(IReadOnlyList<PostingsRow> lists, Bm25 scores, bool newestOnly)
    {
        var found = new Dictionary<long, double>();
        foreach (var term in lists.GroupBy(list => list.Term, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            foreach (var list in newestOnly ? term.OrderByDescending(list => list.FirstEntryId) : term.AsEnumerable())
            {
                Add(found, list, scores);
            }
        }

        return newestOnly ? found.OrderByDescending(row => row.Key).Take((int)HybridSearch.MatchBudget).ToDictionary() : found;
    }

    private void Add(Dictionary<long, double> found, PostingsRow list, Bm25 scores)
    {
        var packed = new ReadOnlySpan<byte>(list.List);
        var lastId = list.FirstEntryId;
        while (PostingList.TryRead(ref packed, ref lastId, out var posting))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(found, posting.EntryId, out _) += scores.Share(list.Term, posting.Count, posting.Length);
            if (posting.IsWindow)
            {
                _windows.Add(posting.EntryId);
            }
        }
    }
}
