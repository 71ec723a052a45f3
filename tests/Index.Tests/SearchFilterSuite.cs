namespace Pipeline.Index.Tests;

/// <summary>What a query may ask for beside its words, and that its words are only ever words.</summary>
public abstract class SearchFilterSuite : IndexSuite
{
    [Fact]
    public async Task Kinds_and_subjects_are_fences()
    {
        await PutAsync(Key(), Tag("door tag"), Cue("door cue", 0, 2), About("door about"));
        await PutAsync(Key("b.mp4"), Tag("door elsewhere"));

        Assert.Equal(["door cue"], await TextsAsync(new("films", "door") { Kinds = [EntryKind.Transcript] }));
        Assert.Equal(["door about", "door cue"], (await TextsAsync(new("films", "door") { Kinds = [EntryKind.Transcript, EntryKind.Metadata] })).Order());
        Assert.Equal(["door elsewhere"], await TextsAsync(new("films", "door") { Subject = "b.mp4" }));
        Assert.Equal(4, (await AskAsync("door")).Count);
        Assert.Empty(await AskAsync(new SearchQuery("nowhere", "door")));
    }

    [Fact]
    public async Task A_narrow_filter_finds_what_many_better_answers_would_hide()
    {
        await PutAsync(Key(), [.. Enumerable.Range(0, 400).Select(place => Tag("red door", place, place + 1))]);
        await PutAsync(Key("b.mp4"), Tag("a very long tale in which somewhere there is also mention of one red door among much else", 0, 1, "tale"));

        var bySubject = Assert.Single(await AskAsync(new SearchQuery("films", "red door") { Subject = "b.mp4" }));
        var byLabel = Assert.Single(await AskAsync(new SearchQuery("films", "red door") { Conditions = [new("label", Comparison.Equal, FieldValue.Of("tale"))] }));

        Assert.Equal((1, 1), (bySubject.LexicalRank!.Value, byLabel.LexicalRank!.Value));
    }

    [Theory]
    [InlineData("label", Comparison.Equal, "scene", "one")]
    [InlineData("label", Comparison.NotEqual, "scene", "two")]
    [InlineData("score", Comparison.GreaterOrEqual, 0.5, "two")]
    [InlineData("start_seconds", Comparison.Less, 5.0, "one")]
    [InlineData("end_seconds", Comparison.Greater, 6.0, "two")]
    [InlineData("source", Comparison.Equal, "ingest", "three")]
    [InlineData("genre", Comparison.Equal, "noir", "three")]
    [InlineData("metadata.rating", Comparison.LessOrEqual, 3.0, "three")]
    [InlineData("label", Comparison.Equal, 1.0, "")]
    [InlineData("rating", Comparison.Equal, "3", "")]
    [InlineData("genre' or 1=1 --", Comparison.Equal, "noir", "")]
    public async Task Conditions_hold_for_every_hit(string field, Comparison comparison, object value, string expected)
    {
        await PutAsync(Key(), Tag("door one", 0, 1, "scene", 0.25), Tag("door two", 6, 8, "shot", 0.5));
        await PutAsync(Key("b.mp4"), About("about", ("genre", FieldValue.Of("noir")), ("rating", FieldValue.Of(3))));
        await PutAsync(Key("b.mp4", source: "ingest"), Tag("door three", 5.5, 6));

        var hits = await AskAsync(new SearchQuery("films", "door")
        {
            Conditions = [new(field, comparison, value is double number ? FieldValue.Of(number) : FieldValue.Of((string)value))],
        });

        Assert.Equal(expected.Length == 0 ? [] : ["door " + expected], hits.Select(hit => hit.Entry.Text));
    }

    [Fact]
    public async Task Limit_and_min_score_cut_the_list()
    {
        await PutAsync(Key(), [.. Enumerable.Range(0, 30).Select(place => Tag($"door number {place}", place, place + 1))]);

        var all = await AskAsync(new SearchQuery("films", "door number 7") { Limit = 30 });
        Assert.Equal(30, all.Count);
        Assert.Equal(all.OrderByDescending(hit => hit.Score), all);
        Assert.Equal(all.Take(3).Select(hit => hit.Entry.EntryId), (await AskAsync(new SearchQuery("films", "door number 7") { Limit = 3 })).Select(hit => hit.Entry.EntryId));

        var cut = await AskAsync(new SearchQuery("films", "door number 7") { Limit = 30, MinScore = all[4].Score });
        Assert.Equal(all.Count(hit => hit.Score >= all[4].Score), cut.Count);
        Assert.InRange(all[0].Score, 0.9, 1);
    }

    [Theory]
    [InlineData("NEAR(door window, 5)")]
    [InlineData("\"door")]
    [InlineData("door*")]
    [InlineData("door OR NOT AND")]
    [InlineData("terms:door ^door {terms}: door + -door")]
    [InlineData("door'; drop table index_entries; --")]
    [InlineData("door \u0000 \u202E \uD800")]
    public async Task Syntax_is_only_words(string text)
    {
        await PutAsync(Key(), Tag("the door"), Tag("unlike"));
        Assert.Equal("the door", (await AskAsync(text))[0].Entry.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ?!… \"\" * () ")]
    [InlineData("zyxwv")]
    public async Task No_word_or_no_match_is_no_hit(string text)
    {
        await PutAsync(Key(), Tag("the door"));
        Assert.Empty(await AskAsync(text));
    }

    [Theory]
    [InlineData("東京タワーの夜景がきれいです", "夜景")]
    [InlineData("東京タワーの夜景がきれいです", "東")]
    [InlineData("她打开了红色的门", "红色的门")]
    [InlineData("เขาเปิดประตูบ้าน", "ประตู")]
    [InlineData("Das Mädchen öffnet die Tür", "tur offnet")]
    [InlineData("Ёлка стоит у окна", "елка")]
    [InlineData("한국어 자막이 있는 장면", "자막이")]
    [InlineData("ＤＯＯＲ ① fullwidth", "door")]
    [InlineData("the director's cut", "directors cut")]
    public async Task Any_script_is_found(string text, string question)
    {
        await PutAsync(Key(), Tag(text), Tag("something else entirely"), Tag("他的猫在睡觉"));

        var hit = (await AskAsync(question))[0];

        Assert.Equal(1, hit.LexicalRank);
        Assert.Equal(text, hit.Entry.Text);
    }
}
