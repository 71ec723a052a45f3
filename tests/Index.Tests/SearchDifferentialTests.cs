using Pipeline.Index.Embeddings;

namespace Pipeline.Index.Tests;

/// <summary>The same writes and the same questions on both back ends: the same hits, ranks and scores.</summary>
[Trait("needs", "services")]
public sealed class SearchDifferentialTests
{
    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 150)]
    [InlineData(3, 400)]
    public async Task Both_back_ends_answer_alike(int seed, int writes)
    {
        await using var sqlite = await SqliteBackEnd.CreateAsync();
        await using var postgres = await PostgresBackEnd.CreateAsync();
        var (embedded, shared) = (sqlite.Open(new LexicalEmbedding()), postgres.Open(new LexicalEmbedding()));
        var corpus = new SeededCorpus(seed);
        foreach (var (key, entries) in corpus.Writes(writes))
        {
            await ReplaceAsync(sqlite, embedded, key, entries);
            await ReplaceAsync(postgres, shared, key, entries);
        }

        await RemoveAsync(sqlite, embedded);
        await RemoveAsync(postgres, shared);
        var found = 0;
        for (var question = 0; question < 120; question++)
        {
            var query = corpus.Query();
            var expected = (await embedded.QueryAsync(query, CancellationToken.None)).Select(Shown).ToList();
            var actual = (await shared.QueryAsync(query, CancellationToken.None)).Select(Shown).ToList();
            var differs = expected.Zip(actual).FirstOrDefault(pair => pair.First != pair.Second);
            Assert.True(expected.SequenceEqual(actual), $"Question {question}: {query}; {expected.Count} and {actual.Count} hits, first different:\n{differs.First}\n{differs.Second}");
            found += actual.Count;
        }

        Assert.True(found > 400, $"The questions found only {found} hits.");
        (embedded as IDisposable)?.Dispose();
    }

    private static string Shown(SearchHit hit) =>
        FormattableString.Invariant($"{hit.Score:0.000000} words {hit.LexicalRank} vectors {hit.VectorRank} {hit.Similarity:0.0000} {hit.Entry with { EntryId = 0 }}");

    private static async Task ReplaceAsync(IndexBackEnd backEnd, ISearchIndex index, SourceKey key, IndexEntry[] entries)
    {
        var prepared = await index.PrepareAsync(entries, CancellationToken.None);
        await backEnd.Database.TransactAsync(async tx =>
        {
            await index.ReplaceAsync(tx, key, prepared);
            return true;
        }, CancellationToken.None);
    }

    private static Task RemoveAsync(IndexBackEnd backEnd, ISearchIndex index) => backEnd.Database.TransactAsync(async tx =>
    {
        await index.RemoveAsync(tx, "films", "shots/3.mp4");
        return true;
    }, CancellationToken.None);
}
