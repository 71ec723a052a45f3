using Pipeline.Index.Embeddings;
using Pipeline.Index.Text;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>One query from words to hits: a list by words, a list by vectors, windows narrowed to cues, the lists fused. Every back end shares it.</summary>
internal sealed class HybridSearch(ISearchBackEnd backEnd, Embedder embedder)
{
    /// <summary>The most entries that a query's terms may match before the commonest terms are left out.</summary>
    public const long MatchBudget = 8_000;

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
        var question = new Question(query, text, vector);
        return await backEnd.ReadAsync(question, (rows, sides) => AnswerAsync(rows, sides, question), cancellation).ConfigureAwait(false);
    }

    private async ValueTask<IReadOnlyList<SearchHit>> AnswerAsync(IQuery rows, ISearchSides sides, Question question)
    {
        var scores = sides.Words.Scores();
        var lexical = await LexicalAsync(sides, question, scores).ConfigureAwait(false);
        var similar = (await sides.ByVectorAsync(Pool).ConfigureAwait(false)).Where(row => row.Similarity > embedder.Floor).ToList();
        var similarities = similar.ToDictionary(row => row.EntryId, row => row.Similarity);
        var cues = await NarrowAsync(sides, [.. lexical, .. similarities.Keys.Except(lexical)], scores, similarities).ConfigureAwait(false);
        return await FuseAsync(rows, question.Query, Narrowed(lexical, cues), Narrowed(similar.Select(row => row.EntryId), cues), similarities).ConfigureAwait(false);
    }

    private static async ValueTask<IReadOnlyList<long>> LexicalAsync(ISearchSides sides, Question question, Bm25 scores)
    {
        var plan = QueryPlan.Of(question.Terms, sides.Words.Frequencies, MatchBudget);
        var found = plan.Terms.Count == 0 ? [] : await sides.ByWordsAsync(plan, scores, Pool).ConfigureAwait(false);
        return [.. found.OrderByDescending(row => row.Score).ThenBy(row => row.EntryId).Select(row => row.EntryId)];
    }

    // The best cue of each window among the candidates: by the question's words first, by similarity among equals.
    private static async ValueTask<Dictionary<long, long>> NarrowAsync(
        ISearchSides sides, IReadOnlyCollection<long> candidates, Bm25 scores, Dictionary<long, float> similarities)
    {
        var narrowed = new Dictionary<long, long>();
        foreach (var window in (await sides.CuesAsync(candidates).ConfigureAwait(false)).GroupBy(cue => cue.WindowId))
        {
            var best = window.OrderByDescending(cue => scores.Score(cue.Terms) + cue.Similarity).ThenBy(cue => cue.EntryId).First();
            narrowed[window.Key] = best.EntryId;
            similarities.TryAdd(best.EntryId, best.Similarity);
        }

        return narrowed;
    }

    private static List<long> Narrowed(IEnumerable<long> ids, Dictionary<long, long> cues) => [.. ids.Select(id => cues.GetValueOrDefault(id, id)).Distinct()];

    private static async ValueTask<IReadOnlyList<SearchHit>> FuseAsync(
        IQuery rows, SearchQuery query, List<long> lexical, List<long> similar, Dictionary<long, float> similarities)
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
                entries[hit.Id].ToEntry(), hit.Score, byWords < 0 ? null : byWords + 1, byVector < 0 ? null : byVector + 1,
                byVector < 0 ? null : similarities[hit.Id]);
        })];
    }
}
