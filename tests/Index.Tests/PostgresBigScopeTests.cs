using Pipeline.Index.Embeddings;

namespace Pipeline.Index.Tests;

/// <summary>What holds once a scope is big enough for a graph, and what another scope then notices of it.</summary>
[Trait("needs", "services")]
public sealed class PostgresBigScopeTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Entries = 12_000;
    private const int EntriesPerFilm = 1_000;

    private PostgresBackEnd _backEnd = null!;
    private ISearchIndex _index = null!;

    public async ValueTask InitializeAsync()
    {
        _backEnd = await PostgresBackEnd.CreateAsync();
        _index = _backEnd.Open(new LexicalEmbedding());
    }

    public ValueTask DisposeAsync() => _backEnd.DisposeAsync();

    [Fact]
    public async Task A_graph_is_built_beside_and_filters_never_cost_rows()
    {
        var graphs = new PostgresVectorGraphs(_backEnd.ConnectionString);
        await PutAsync("small", "x.mp4", [Tag("a red door", 0, "shot")]);
        Assert.Equal(0, await graphs.TendAsync(CancellationToken.None));
        await FillAsync("films");
        var questions = Enumerable.Range(0, 40).Select(seed => new SearchQuery("films", new SeededCorpus(1_000 + seed).Sentence(4))).ToList();
        var exact = await AskAsync(questions);

        Assert.Equal(1, await graphs.TendAsync(CancellationToken.None));
        Assert.Equal(0, await graphs.TendAsync(CancellationToken.None));
        Assert.Equal(1, await UsesAsync("index_embeddings_graph_"));

        var near = await AskAsync(questions);
        var recall = exact.Zip(near).Average(pair => pair.First.Intersect(pair.Second).Count() / (double)pair.First.Count);
        output.WriteLine($"recall@10 of the fused hits with the graph: {recall:0.000}");
        Assert.InRange(recall, 0.8, 1);
        foreach (var (label, expected) in new[] { ("chapter", 12), ("rare", 3), ("shot", 100), ("nothing", 0) })
        {
            var hits = await _index.QueryAsync(
                new SearchQuery("films", "red door") { Limit = 100, Conditions = [new("label", Comparison.Equal, FieldValue.Of(label))] }, CancellationToken.None);
            Assert.Equal(expected, hits.Count);
            Assert.All(hits, hit => Assert.Equal(label, hit.Entry.Label));
        }

        Assert.Equal(100, (await _index.QueryAsync(new SearchQuery("films", "red door") { Limit = 100, Subject = "films/3.mp4" }, CancellationToken.None)).Count);
        Assert.Equal(2, (await _index.QueryAsync(new SearchQuery("films", "red door") { Limit = 100, Kinds = [EntryKind.Metadata] }, CancellationToken.None)).Count);
        await AfterTheGraphAsync(graphs);
    }

    [Fact]
    public async Task A_scope_a_hundred_times_as_big_changes_nobody_elses_hits()
    {
        await PutAsync("small", "x.mp4", Film(new SeededCorpus(5), 120));
        var questions = Enumerable.Range(0, 30).Select(seed => new SearchQuery("small", new SeededCorpus(2_000 + seed).Sentence(4))).ToList();
        var alone = await ShownAsync(questions);

        await FillAsync("big");
        Assert.Equal(1, await new PostgresVectorGraphs(_backEnd.ConnectionString).TendAsync(CancellationToken.None));

        Assert.Equal(alone, await ShownAsync(questions));
    }

    [Fact]
    public async Task What_one_node_writes_another_finds_at_once()
    {
        await using var otherNode = _backEnd.Connect();
        await otherNode.MigrateAsync(PostgresSearchIndex.Tables, CancellationToken.None);
        var other = new PostgresSearchIndex(otherNode, new LexicalEmbedding());
        for (var version = 1; version < 6; version++)
        {
            await PutAsync("films", "a.mp4", [Tag($"door number{version}", 0, null)], version);
            Assert.Equal($"door number{version}", Assert.Single(await other.QueryAsync(new SearchQuery("films", "door"), CancellationToken.None)).Entry.Text);
        }

        await _backEnd.Database.TransactAsync(async tx =>
        {
            await _index.RemoveAsync(tx, "films", "a.mp4");
            return true;
        }, CancellationToken.None);
        Assert.Empty(await other.QueryAsync(new SearchQuery("films", "door"), CancellationToken.None));
    }

    // Entries that come, go and are embedded anew keep the graph true, and a scope that shrank far loses it.
    private async Task AfterTheGraphAsync(PostgresVectorGraphs graphs)
    {
        await PutAsync("films", "late.mp4", [Tag("a zeppelin over the harbour", 0, "shot")]);
        Assert.Equal("a zeppelin over the harbour", (await _index.QueryAsync(new SearchQuery("films", "zepelin over harbours"), CancellationToken.None))[0].Entry.Text);

        for (var film = 0; film < Entries / EntriesPerFilm; film++)
        {
            await PutAsync("films", $"films/{film}.mp4", film == 0 ? [Tag("a red door", 0, "shot")] : []);
        }

        Assert.Equal(7, (await _index.QueryAsync(new SearchQuery("films", "red door harbour") { Limit = 100 }, CancellationToken.None)).Count);
        await graphs.TendAsync(CancellationToken.None);
        Assert.Equal(0, await UsesAsync("index_embeddings_graph_"));
    }

    private Task<long> UsesAsync(string prefix) => _backEnd.Database.ReadAsync(
        rows => rows.FirstAsync<long>("select count(*) from pg_class where starts_with(relname, @prefix)", new { prefix }), CancellationToken.None);

    private async Task<List<List<long>>> AskAsync(List<SearchQuery> questions)
    {
        var answers = new List<List<long>>();
        foreach (var question in questions)
        {
            answers.Add([.. (await _index.QueryAsync(question, CancellationToken.None)).Select(hit => hit.Entry.EntryId)]);
        }

        return answers;
    }

    private async Task<List<string>> ShownAsync(List<SearchQuery> questions)
    {
        var shown = new List<string>();
        foreach (var question in questions)
        {
            shown.AddRange((await _index.QueryAsync(question, CancellationToken.None)).Select(hit => hit.ToString()));
        }

        return shown;
    }

    private async Task FillAsync(string scope)
    {
        var corpus = new SeededCorpus(7);
        for (var film = 0; film < Entries / EntriesPerFilm; film++)
        {
            await PutAsync(scope, $"films/{film}.mp4", Film(corpus, EntriesPerFilm));
        }

        await PutAsync(scope, "rare.mp4", [.. Enumerable.Range(0, 3).Select(place => Tag("red door", place, "rare")), .. Enumerable.Range(0, 2).Select(_ => new IndexEntry { Kind = EntryKind.Metadata, Text = "about a red door" })]);
    }

    private static IndexEntry[] Film(SeededCorpus corpus, int entries) =>
        [.. Enumerable.Range(0, entries).Select(place => Tag("red door " + corpus.Sentence(6), place, place % EntriesPerFilm == 0 ? "chapter" : "shot"))];

    private static IndexEntry Tag(string text, double start, string? label) => new() { Kind = EntryKind.FrameTag, Text = text, StartSeconds = start, EndSeconds = start + 1, Label = label };

    private async Task PutAsync(string scope, string subject, IndexEntry[] entries, long version = 1)
    {
        var prepared = await _index.PrepareAsync(entries, CancellationToken.None);
        await _backEnd.Database.TransactAsync(scope, async tx =>
        {
            await _index.ReplaceAsync(tx, new(scope, subject, version, "user"), prepared);
            return true;
        }, CancellationToken.None);
    }
}
