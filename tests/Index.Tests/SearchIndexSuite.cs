namespace Pipeline.Index.Tests;

/// <summary>What an index keeps, replaces and finds, whatever holds it.</summary>
public abstract class SearchIndexSuite : IndexSuite
{
    [Fact]
    public async Task A_hit_tells_where_it_is_and_why()
    {
        await PutAsync(Key("shots/a.mp4", 3), Tag("a woman opens the red door", 4.5, 7.25, "action", 0.9), Tag("a dog sleeps", 8, 9));

        var hit = (await AskAsync("when does she open the door?"))[0];

        Assert.Equal(new SourceKey("films", "shots/a.mp4", 3, "user"), hit.Entry.Key);
        Assert.Equal(("a woman opens the red door", "action", 4.5, 7.25, 0.9),
            (hit.Entry.Text, hit.Entry.Label, hit.Entry.StartSeconds!.Value, hit.Entry.EndSeconds!.Value, hit.Entry.Score!.Value));
        Assert.Equal((EntryKind.FrameTag, 1, 1, 1.0), (hit.Entry.Kind, hit.LexicalRank!.Value, hit.VectorRank!.Value, hit.Score));
        Assert.InRange(hit.Similarity!.Value, 0.2, 1);
    }

    [Fact]
    public async Task Misspelt_words_are_found_by_their_letters()
    {
        await PutAsync(Key(), Tag("refrigerator"), Tag("a staircase"));

        var hit = (await AskAsync("refridgerator"))[0];

        Assert.Equal(("refrigerator", null), (hit.Entry.Text, hit.LexicalRank));
    }

    [Fact]
    public async Task A_handle_lasts_until_its_source_is_replaced()
    {
        await PutAsync(Key(source: "user"), Tag("door"));
        await PutAsync(Key(source: "ingest"), Tag("window"));
        var (door, window) = ((await AskAsync("door"))[0].Entry, (await AskAsync("window"))[0].Entry);

        await PutAsync(Key(source: "ingest"), Tag("window"));

        Assert.StartsWith("hit_", door.HitId, StringComparison.Ordinal);
        Assert.Equal(door, await Index.GetAsync(door.HitId, CancellationToken.None));
        Assert.Null(await Index.GetAsync(window.HitId, CancellationToken.None));
        Assert.NotEqual(window.EntryId, (await AskAsync("window"))[0].Entry.EntryId);
        Assert.Null(await Index.GetAsync("hit_99999", CancellationToken.None));
        Assert.Null(await Index.GetAsync("door", CancellationToken.None));
    }

    [Fact]
    public async Task Replacing_keeps_other_sources_subjects_and_scopes()
    {
        await PutAsync(Key(source: "user"), Tag("door one"));
        await PutAsync(Key(source: "ingest"), Tag("door two"));
        await PutAsync(Key("b.mp4"), Tag("door three"));
        await PutAsync(Key(scope: "other"), Tag("door four"));

        await PutAsync(Key(source: "user"), Tag("gate"));

        Assert.Equal(["door three", "door two"], (await TextsAsync(new("films", "door"))).Order());
        Assert.Equal(["door four"], await TextsAsync(new("other", "door")));
        Assert.Equal(["gate"], await TextsAsync(new("films", "gate")));
    }

    [Fact]
    public async Task Rows_go_with_the_callers_transaction()
    {
        await PutAsync(Key(), Tag("door"));
        await AskAsync("door");
        var prepared = await Index.PrepareAsync([Tag("gate")], CancellationToken.None);

        await Assert.ThrowsAsync<InvalidDataException>(() => BackEnd.Database.TransactAsync<bool>(async tx =>
        {
            await Index.ReplaceAsync(tx, Key(), prepared);
            throw new InvalidDataException();
        }, CancellationToken.None));

        Assert.Equal(["door"], await TextsAsync(new("films", "door")));
        Assert.Empty(await AskAsync("gate"));
    }

    [Fact]
    public async Task A_removed_subject_is_gone_and_others_stay()
    {
        await PutAsync(Key(), Tag("door one"));
        await PutAsync(Key(source: "ingest"), Tag("door two"));
        await PutAsync(Key("b.mp4"), Tag("door three"));
        var first = (await AskAsync("door one"))[0].Entry;

        await BackEnd.Database.TransactAsync(async tx =>
        {
            await Index.RemoveAsync(tx, "films", "a.mp4");
            return true;
        }, CancellationToken.None);

        Assert.Equal(["door three"], await TextsAsync(new("films", "door")));
        Assert.Null(await Index.GetAsync(first.HitId, CancellationToken.None));
    }

    [Fact]
    public async Task The_newest_version_of_each_source_answers_and_older_ones_when_asked()
    {
        await PutAsync(Key(version: 1), Tag("door of one"));
        await PutAsync(Key(version: 3), Tag("door of three"));
        await PutAsync(Key(version: 2), Tag("door of two"));
        await PutAsync(Key(version: 1, source: "ingest"), Tag("door seen"));

        Assert.Equal(["door of three", "door seen"], (await TextsAsync(new("films", "door"))).Order());
        Assert.Equal(["door of one", "door seen"], (await TextsAsync(new("films", "door") { Subject = "a.mp4", Version = 1 })).Order());

        await PutAsync(Key(version: 3));

        Assert.Equal(["door of two", "door seen"], (await TextsAsync(new("films", "door"))).Order());
        Assert.All(await AskAsync("door"), hit => Assert.NotNull(hit.LexicalRank));
    }

    [Fact]
    public async Task Words_spread_over_cues_answer_with_a_cues_own_times()
    {
        await PutAsync(Key(),
            Cue("we walk to the harbour", 0, 4), Cue("and there the lighthouse keeper", 4, 8), Cue("repairs his broken lantern", 8, 12),
            Cue("nothing else happens here", 200, 204), Cue("the keeper of sheep", 300, 304));

        var hits = await AskAsync("lighthouse keeper repairs lantern harbour");

        Assert.Contains((hits[0].Entry.StartSeconds, hits[0].Entry.EndSeconds), new (double?, double?)[] { (4, 8), (8, 12) });
        Assert.All(hits, hit => Assert.InRange(hit.Entry.EndSeconds!.Value - hit.Entry.StartSeconds!.Value, 4, 4));
        Assert.Equal(hits.Count, hits.Select(hit => hit.Entry.EntryId).Distinct().Count());
        Assert.All(hits, hit => Assert.NotNull(Index.GetAsync(hit.Entry.HitId, CancellationToken.None)));
    }

    [Fact]
    public async Task Another_generators_vectors_are_made_again_before_they_are_compared()
    {
        await PutAsync(Key(), Tag("door"), Tag("window"));
        Assert.Single(await AskAsync("door"), hit => hit.Entry.Text == "door" && hit.VectorRank == 1);

        var other = BackEnd.Open(new LetterEmbedding());
        var hits = await other.QueryAsync(new SearchQuery("films", "dooor"), CancellationToken.None);

        Assert.Equal(("door", 1), (hits[0].Entry.Text, hits[0].VectorRank!.Value));
        (other as IDisposable)?.Dispose();
        Assert.Equal(1, (await AskAsync("door"))[0].VectorRank);
    }

    [Fact]
    public async Task Ten_thousand_entries_hold_the_one_that_is_meant()
    {
        for (var file = 0; file < 10; file++)
        {
            await PutAsync(Key($"{file}.mp4"), [.. Enumerable.Range(0, 1000).Select(place => Tag($"person walks past house number {(file * 1000) + place}", place, place + 1))]);
        }

        await PutAsync(Key("z.mp4"), Tag("person repairs a violin near house", 5, 6));

        var hits = await AskAsync(new SearchQuery("films", "where does the person repair the violin near the house?") { Limit = 5 });
        Assert.Equal("person repairs a violin near house", hits[0].Entry.Text);
        Assert.Equal(5, hits.Count);
        Assert.Equal(10, (await AskAsync("person")).Count);
        Assert.Equal("person walks past house number 4321", (await AskAsync("4321"))[0].Entry.Text);
    }

    [Theory]
    [InlineData("half a door", 2.0, 1.0)]
    [InlineData("negative", -1.0, 1.0)]
    [InlineData("endless", 0.0, double.PositiveInfinity)]
    [InlineData(" \u202E\u0007 ", 0.0, 1.0)]
    public async Task A_broken_entry_is_refused_with_its_place(string text, double start, double end)
    {
        var refused = await Assert.ThrowsAsync<InvalidEntryException>(() => Index.PrepareAsync([Tag("fine"), Tag(text, start, end)], CancellationToken.None));
        Assert.Equal(1, refused.Position);
    }

    [Fact]
    public async Task Counts_are_of_what_was_given()
    {
        var prepared = await Index.PrepareAsync([Cue("one", 0, 1), Cue("two", 1, 2), Tag("three")], CancellationToken.None);
        Assert.Equal((2, 1, false), (prepared.Counts[EntryKind.Transcript], prepared.Counts[EntryKind.FrameTag], prepared.Counts.ContainsKey(EntryKind.Metadata)));
    }
}
