using Pipeline.Index.Embeddings;
using Pipeline.Index.Text;
using Pipeline.Index.Vectors;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>One query from words to hits: a list by words, a list by vectors, windows narrowed to cues, the lists fused.</summary>
internal sealed class HybridSearch(IDatabase database, Embedder embedder, VectorScopes scopes)
{
    private const int Pool = 150;
    // Measured on captions of video moments: at equal weights the fused list is hardly better than the list by vectors alone.
    private static readonly double[] Weights = [1, 1.5];

    public async Task<IReadOnlyList<SearchHit>> RunAsync(SearchQuery query, CancellationToken cancellation)
    {
        var text = PlainText.Of(query.Text);
        if (Terms.OfQuery(text).Count == 0)
        {
            return [];
        }

        var vector = (await embedder.EmbedAsync([text], cancellation).ConfigureAwait(false))[0];
        var scope = await scopes.FreshAsync(query.Scope, vector.Length, cancellation).ConfigureAwait(false);
        return scope is null ? [] : await database.ReadAsync<IReadOnlyList<SearchHit>>(async rows =>
        {
            var scopeId = (await ScopesTable.FindAsync(rows, query.Scope).ConfigureAwait(false))!.ScopeId;
            var filter = new QueryFilter(query, scopeId);
            var ranking = await RankingAsync(rows, scope, scopeId, text, filter).ConfigureAwait(false);
            var lexical = await LexicalAsync(rows, scopeId, ranking, filter).ConfigureAwait(false);
            var similar = scope.Scan(vector, await VectorFilterAsync(rows, filter).ConfigureAwait(false), Pool, embedder.Floor);
            var cues = await NarrowAsync(rows, [.. lexical, .. similar.Select(row => row.Id)], scope, vector, ranking.Scores).ConfigureAwait(false);
            return await FuseAsync(rows, query, Narrowed(lexical, cues), Narrowed(similar.Select(row => row.Id), cues), id => scope.Similarity(vector, id)).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
    }

    private static async ValueTask<(QueryPlan Plan, Bm25 Scores)> RankingAsync(
        IQuery rows, VectorScope scope, long scopeId, string text, QueryFilter filter)
    {
        var frequencies = await SqliteTextTable.FrequenciesAsync(rows, scopeId, Terms.OfRanking(text), filter.AnyVersion).ConfigureAwait(false);
        var (entries, length) = scope.Size;
        return (QueryPlan.Of(Terms.OfQuery(text), frequencies, SqliteTextTable.MatchBudget), new Bm25(entries, entries == 0 ? 1 : (double)length / entries, frequencies));
    }

    private static async ValueTask<IReadOnlyList<long>> LexicalAsync(IQuery rows, long scopeId, (QueryPlan Plan, Bm25 Scores) ranking, QueryFilter filter)
    {
        if (ranking.Plan.Terms.Count == 0)
        {
            return [];
        }

        var found = await SqliteTextTable.MatchAsync(rows, scopeId, ranking.Plan, filter, Pool).ConfigureAwait(false);
        return [.. found.OrderByDescending(row => ranking.Scores.Score(row.Terms)).ThenBy(row => row.EntryId).Select(row => row.EntryId)];
    }

    private static async ValueTask<VectorFilter> VectorFilterAsync(IQuery rows, QueryFilter filter) => new(
        filter.Kinds,
        filter.ChoosesSources ? (await EntriesTable.MeetingAsync(rows, filter, entries: false).ConfigureAwait(false)).ToHashSet() : null,
        filter.ChoosesEntries ? (await EntriesTable.MeetingAsync(rows, filter, entries: true).ConfigureAwait(false)).ToHashSet() : null);

    // The best cue of each window among the candidates: by the question's words first, by similarity among equals.
    private static async ValueTask<Dictionary<long, long>> NarrowAsync(
        IQuery rows, IReadOnlyCollection<long> candidates, VectorScope scope, float[] vector, Bm25 scores)
    {
        var cues = new Dictionary<long, long>();
        if (candidates.Count == 0)
        {
            return cues;
        }

        foreach (var window in await EntriesTable.WindowsAsync(rows, candidates).ConfigureAwait(false))
        {
            var members = await SqliteTextTable.TermsAsync(rows, window.FirstEntryId!.Value, window.LastEntryId!.Value).ConfigureAwait(false);
            cues[window.EntryId] = members.OrderByDescending(cue => scores.Score(cue.Terms) + scope.Similarity(vector, cue.EntryId)).ThenBy(cue => cue.EntryId)
                .Select(cue => cue.EntryId).FirstOrDefault();
        }

        return cues;
    }

    private static List<long> Narrowed(IEnumerable<long> ids, Dictionary<long, long> cues) =>
        [.. ids.Select(id => cues.GetValueOrDefault(id, id)).Where(id => id != 0).Distinct()];

    private static async ValueTask<IReadOnlyList<SearchHit>> FuseAsync(
        IQuery rows, SearchQuery query, List<long> lexical, List<long> similar, Func<long, double> similarity)
    {
        var fused = RankFusion.Fuse([lexical, similar], Weights).Where(hit => hit.Score >= (query.MinScore ?? 0)).Take(query.Limit).ToList();
        if (fused.Count == 0)
        {
            return [];
        }

        var entries = (await EntriesTable.FindAsync(rows, [.. fused.Select(hit => hit.Id)]).ConfigureAwait(false)).ToDictionary(row => row.EntryId);
        return [.. fused.Where(hit => entries.ContainsKey(hit.Id)).Select(hit =>
        {
            var (byWords, byVector) = (lexical.IndexOf(hit.Id), similar.IndexOf(hit.Id));
            return new SearchHit(
                entries[hit.Id].ToEntry(), hit.Score, byWords < 0 ? null : byWords + 1, byVector < 0 ? null : byVector + 1, byVector < 0 ? null : similarity(hit.Id));
        })];
    }
}
