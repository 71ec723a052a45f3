using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.ModelClients;
using Pipeline.Agents.Tests.ModelClients;
using Pipeline.Agents.Tests.Serving;
using Pipeline.Agents.Workers;
using Pipeline.Agents.Workers.Crafts;

namespace Pipeline.Agents.Tests.Workers.Crafts;

/// <summary>Each craft against the tool that it calls, on a real server.</summary>
public sealed class CraftsTests(Server server) : IClassFixture<Server>
{
    private const string Cues = "WEBVTT\n\n00:00:00.500 --> 00:00:02.500\nThe lighthouse stands on the cliff.\n\n00:00:05.000 --> 00:00:07.000\nThe market opens at dawn.\n";

    [Fact]
    public async Task Probe_tells_what_is_there()
    {
        await using var worker = server.Connect("worker");
        var asset = await Footage.PutAsync(server, worker, "probe");

        var report = await DoAsync(worker, new ProbeCraft(), new { asset });

        Assert.Equal((320, 180, true, true), (report.Outputs.Whole("width"), report.Outputs.Whole("height"), report.Outputs.Flag("has_audio"), report.Outputs.Flag("has_video")));
        Assert.InRange(report.Metrics.Number("duration_seconds")!.Value, 7.9, 8.1);
    }

    [Fact]
    public async Task What_was_said_is_indexed_found_and_cut_out()
    {
        await using var worker = server.Connect("worker");
        var asset = await Footage.PutAsync(server, worker, "find");

        var indexed = await DoAsync(worker, new IndexCraft(), new { asset, transcript = Cues, source = "director" });
        var found = await DoAsync(worker, new QueryCraft(), new { query = "market at dawn", limit = 3, kinds = new[] { "transcript" } }, workspace: "find");
        var hit = found.Outputs.Objects("hits").First();
        var cut = await DoAsync(worker, new ExtractCraft(), new { hit_id = hit.Text("hit_id"), mode = "exact", output = "find/segments/0.mp4" });

        Assert.Equal(2, indexed.Metrics.Whole("entries"));
        Assert.Equal((5, 7), (hit.Number("start_seconds"), hit.Number("end_seconds")));
        Assert.Equal("find/segments/0.mp4@1", cut.Outputs.Text("asset"));
        Assert.InRange(cut.Metrics.Number("duration_seconds")!.Value, 1.9, 2.1);
        Assert.True(cut.Outputs.Whole("bytes_read") < cut.Outputs.Whole("source_bytes"));
        Assert.InRange(cut.Metrics.Number("sharpness")!.Value, 0.01, 1);
        Assert.InRange(cut.Metrics.Number("cleanness")!.Value, 0, 1);
    }

    [Fact]
    public async Task Nothing_to_index_is_passed_over()
    {
        await using var worker = server.Connect("worker");

        Assert.Equal("nothing_to_index", (await DoAsync(worker, new IndexCraft(), new { asset = "anywhere/a.mp4", transcript_asset = (string?)null })).PassedOver);
    }

    [Fact]
    public async Task Analysis_finds_the_scenes()
    {
        await using var worker = server.Connect("worker");
        var asset = await Footage.PutAsync(server, worker, "scenes");

        var report = await DoAsync(worker, new AnalyzeCraft(), new { asset, checks = new[] { "scenes", "black", "freeze", "silence", "loudness", "sharpness", "noise" } });

        Assert.Equal(2, report.Metrics.Number("scenes"));
        Assert.Equal(0, report.Metrics.Number("black_share"));
        Assert.InRange(report.Metrics.Number("loudness_lufs")!.Value, -40, -5);
        Assert.Equal(2, report.Outputs.Objects("tags").Count(tag => tag.Text("kind") == "scene"));
    }

    [Fact]
    public async Task A_sheet_and_frames_are_kept()
    {
        await using var worker = server.Connect("worker");
        var asset = await Footage.PutAsync(server, worker, "frames");

        var sheet = await DoAsync(worker, new ContactSheetCraft(), new { asset, output = "frames/sheet.jpg" });
        var frames = await DoAsync(worker, new ExtractFramesCraft(), new { asset, at_seconds = new[] { 1.0, 5.0 }, output = "frames/stills" });

        Assert.Equal("frames/sheet.jpg@1", sheet.Outputs.Text("asset"));
        Assert.Equal(["frames/stills/frame-000.jpeg@1", "frames/stills/frame-001.jpeg@1"], frames.Outputs.Texts("assets"));
    }

    [Fact]
    public async Task A_sound_file_passes_its_final_check_and_is_handed_over()
    {
        await using var worker = server.Connect("worker");
        var asset = await Footage.PutAsync(server, worker, "final");
        var path = Path.Combine(server.Files, "film.mp4");

        var check = await DoAsync(worker, new CheckCraft(), new { asset, expected_duration_seconds = 8.0, max_drift_seconds = 0.1 });
        var late = await DoAsync(worker, new CheckCraft(), new { asset, expected_duration_seconds = 9.0 });
        var delivered = await DoAsync(worker, new DeliverCraft(), new { asset, path });

        Assert.True(check.Metrics.Number("passed") is 1, check.Outputs.ToJsonString());
        Assert.Equal(0, late.Metrics.Number("passed"));
        Assert.Equal("final/footage/day.mp4@1", delivered.Outputs.Text("asset"));
        Assert.Equal(new FileInfo(path).Length, delivered.Metrics.Whole("size_bytes"));
        Assert.Equal(64, delivered.Outputs.Text("sha256")!.Length);
    }

    [Fact]
    public async Task Clips_become_a_film_with_captions_that_keep_to_their_clip()
    {
        await using var worker = server.Connect("worker");
        var asset = await Footage.PutAsync(server, worker, "film");

        var film = await DoAsync(worker, new ComposeCraft(), new
        {
            clips = new object?[] { new { asset, start_seconds = 0, end_seconds = 2 }, null, new { asset, start_seconds = 4, end_seconds = 7 } },
            captions = new[] { "first", "passed over", "third" },
            loudness_lufs = -16,
            output = "film/delivery/film.mp4",
        });

        Assert.Equal("film/delivery/film.mp4@1", film.Outputs.Text("asset"));
        Assert.Equal(5, film.Metrics.Number("planned_seconds"));
        Assert.InRange(film.Metrics.Number("duration_seconds")!.Value, 4.96, 5.04);
        Assert.InRange(film.Metrics.Number("drift_seconds")!.Value, 0, 0.04);
        var known = await worker.ReadAsync("get_asset", new { asset = "film/delivery/film.mp4" }, default);
        Assert.Contains("\"text\":\"third\"", known["lineage"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("passed over", known["lineage"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_film_of_nothing_is_none()
    {
        await using var worker = server.Connect("worker");

        Assert.Equal("no_clips", (await Assert.ThrowsAsync<CraftFailed>(() => DoAsync(worker, new ComposeCraft(), new { clips = new object?[] { null }, output = "nowhere/x.mp4" }))).Code);
    }

    [Fact]
    public async Task An_event_is_seen_by_who_waits_for_it()
    {
        await using var worker = server.Connect("worker");
        await worker.ChangeAsync("create_workspace", new { workspace = "news" }, "workspace news", default);

        await DoAsync(worker, new NotifyCraft(), new { @event = "delivery.ready", payload = new { asset = "news/a.mp4@1" } }, workspace: "news");

        var page = await worker.ReadAsync("wait_events", new { workspace = "news", kinds = new[] { "delivery.ready" } }, default);
        Assert.Contains("news/a.mp4@1", Assert.Single(page.Objects("events"))["data"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Speech_is_written_down_where_something_can_hear_and_never_invented()
    {
        using var endpoint = new Endpoint("""{"task":"transcribe","language":"english","duration":8.0,"text":"a tone","segments":[{"id":0,"seek":0,"start":0.5,"end":2.0,"text":"a tone","tokens":[],"temperature":0,"avg_logprob":-0.1,"compression_ratio":1,"no_speech_prob":0}]}""");
        await using var worker = server.Connect("worker");
        var asset = await Footage.PutAsync(server, worker, "heard");

        var heard = await DoAsync(worker, new TranscribeCraft(Transcriber.From("key", "whisper", endpoint.Url.ToString())), new { asset, output = "heard/day.vtt" });
        var deaf = await DoAsync(worker, new TranscribeCraft(null), new { asset, output = "heard/day.vtt" });

        Assert.Equal(("heard/day.vtt@1", 1), (heard.Outputs.Text("transcript_asset"), heard.Metrics.Whole("cues")));
        Assert.Contains("a tone", (await worker.ReadAsync("read_asset", new { asset = "heard/day.vtt" }, default)).Text("text"), StringComparison.Ordinal);
        Assert.Equal(TranscribeCraft.NoTranscriber, deaf.PassedOver);
    }

    [Fact]
    public async Task Two_that_write_one_path_take_turns_and_leave_no_lock_behind()
    {
        await using var first = server.Connect("first");
        await using var second = server.Connect("second");
        var asset = await Footage.PutAsync(server, first, "turns");

        var reports = await Task.WhenAll(new[] { first, second }.Select(worker => DoAsync(worker, new ContactSheetCraft(), new { asset, output = "turns/sheet.jpg" })));

        Assert.Equal(["turns/sheet.jpg@1", "turns/sheet.jpg@2"], reports.Select(report => report.Outputs.Text("asset")).Order());
        Assert.Empty((await first.ReadAsync("list_locks", new { workspace = "turns" }, default)).Objects("locks"));
    }

    [Fact]
    public async Task A_lock_is_given_back_when_the_work_fails()
    {
        await using var worker = server.Connect("worker");
        var asset = await Footage.PutAsync(server, worker, "broken");

        var refusal = await Assert.ThrowsAsync<ToolRefused>(() => DoAsync(worker, new ExtractCraft(), new { asset, start_seconds = 7, end_seconds = 70, output = "broken/x.mp4" }));

        Assert.Equal("invalid_range", refusal.Code);
        Assert.Empty((await worker.ReadAsync("list_locks", new { workspace = "broken" }, default)).Objects("locks"));
    }

    private static Task<StepReport> DoAsync(Connection worker, ICraft craft, object inputs, string workspace = "")
    {
        var step = new ClaimedStep(workspace, "", Intent.Name("step"), craft.Capabilities[0], 1, (JsonObject)Wire.Object(inputs).DeepClone(), 30);
        return craft.DoAsync(new StepWork(worker, step), CancellationToken.None);
    }
}
