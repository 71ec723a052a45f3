using System.Text.Json;
using ModelContextProtocol.Client;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Runs;

public sealed class IntermediatesTests
{
    private const string Steps = """{"id": "make", "capability": "x-work"}, {"id": "final", "capability": "x-next", "needs": ["make"]}""";

    [Fact]
    public async Task What_a_plan_does_not_deliver_goes_some_hours_after_the_run()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var worker = await house.WorkerAsync("ann");
        var run = await PlayAsync(house, worker, """["final"]""", ["film/scrap.txt", "film/named.txt"]);
        Assert.Equal(0, (await house.RunAsync(run)).GetProperty("intermediates").GetProperty("expired").GetInt32());

        house.Clock.Advance(TimeSpan.FromHours(23));
        await SweepAsync(house, () => Task.FromResult(true));
        Assert.Equal(["film/final.txt", "film/named.txt", "film/scrap.txt"], await ListAsync(house));
        house.Clock.Advance(TimeSpan.FromHours(2));
        await SweepUntilAsync(house, run, 1);

        Assert.Equal(["film/final.txt", "film/named.txt"], await ListAsync(house));
        var gone = await house.Director.RefusedAsync("read_asset", new { asset = "film/scrap.txt@1" }, "expired");
        Assert.Equal(run, gone.GetProperty("facts").GetProperty("run_id").GetString());
        await house.Director.RefusedAsync("get_asset", new { asset = "film/scrap.txt" }, "expired");
        await house.Director.RefusedAsync("restore_asset", new { asset = "film/scrap.txt" }, "expired");
        Assert.Equal(
            ["asset.deleted", "asset.expired", "run.intermediates_expired"],
            (await house.Director.CallAsync("wait_events", new { workspace = "film", since = 0, kinds = new[] { "asset.deleted", "asset.expired", "run.intermediates_expired" } }))
                .GetProperty("events").EnumerateArray().Select(one => one.Text("kind")).Order());
        Assert.Contains("expire_intermediates", (await house.Director.CallAsync("read_audit", new { workspace = "film" })).ToString(), StringComparison.Ordinal);
        await house.Director.CallAsync("put_asset", new { asset = "film/scrap.txt", text = "again" });
        Assert.Equal([2, 1], (await house.Director.CallAsync("get_asset", new { asset = "film/scrap.txt" })).GetProperty("versions").EnumerateArray().Select(one => one.GetProperty("version").GetInt32()));
    }

    [Fact]
    public async Task What_something_still_wants_stays_until_nothing_does()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var worker = await house.WorkerAsync("ann");
        await house.Director.CallAsync("put_asset", new { asset = "film/mine.txt", text = "before the run" });
        var run = await PlayAsync(house, worker, """["final"]""", ["film/scrap.txt", "film/pinned.txt", "film/locked.txt", "film/mine.txt", "film/edited.txt", "film/taken.txt"]);
        await house.Director.CallAsync("set_metadata", new { asset = "film/pinned.txt", metadata = new { pinned = true } });
        await house.Director.CallAsync("put_asset", new { asset = "film/edited.txt", text = "by hand" });
        var other = await house.StartAsync("""{"id": "a", "capability": "x-other"}""", new { it = new[] { "film/taken.txt@1" } });
        house.Clock.Advance(TimeSpan.FromHours(25));
        var held = await house.Director.CallAsync("acquire_lock", new { asset = "film/locked.txt", ttl_seconds = 3600 });

        await SweepUntilAsync(house, run, 1);
        Assert.Equal(["film/edited.txt", "film/final.txt", "film/locked.txt", "film/mine.txt", "film/pinned.txt", "film/taken.txt"], (await ListAsync(house)).Where(name => name != "film/named.txt"));
        foreach (var version in (string[])["film/edited.txt@1", "film/mine.txt@2"])
        {
            await house.Director.CallAsync("read_asset", new { asset = version });
        }

        await house.Director.CallAsync("release_lock", new { lock_id = held.Text("lock_id") });
        await house.Director.CallAsync("set_metadata", new { asset = "film/pinned.txt", metadata = new { pinned = false } });
        await house.Director.CallAsync("control_run", new { run_id = other, action = "cancel" });
        house.Clock.Advance(TimeSpan.FromHours(2));
        await SweepUntilAsync(house, run, 4);

        Assert.Equal(["film/edited.txt", "film/final.txt", "film/mine.txt", "film/named.txt"], await ListAsync(house));
    }

    [Fact]
    public async Task What_was_made_outside_the_run_from_an_intermediate_keeps_it()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var worker = await house.WorkerAsync("ann");
        var film = Path.Combine(house.House.Folder, "clip.mp4");
        using (var made = System.Diagnostics.Process.Start("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc=d=2:s=64x64:r=10", film])!)
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var run = await house.StartAsync(Steps, deliverables: """["final"]""");
        var step = await worker.TakeAsync();
        await worker.CallAsync("import_asset", new { asset = "film/source.mp4", path = film, claim = Claim(step) });
        await worker.CallAsync("extract_segment", new { asset = "film/source.mp4", start_seconds = 0, end_seconds = 1, output = "film/within.mp4", claim = Claim(step) });
        await house.Director.CallAsync("extract_segment", new { asset = "film/source.mp4", start_seconds = 0, end_seconds = 1, output = "film/outside.mp4" });
        await worker.CompleteAsync(step);
        await worker.CompleteAsync(await worker.TakeAsync("x-next"));
        house.Clock.Advance(TimeSpan.FromHours(25));

        await SweepUntilAsync(house, run, 1);

        Assert.Equal(["film/outside.mp4", "film/source.mp4"], await ListAsync(house));
    }

    [Fact]
    public async Task Cleaning_lets_them_go_too_and_says_how_many()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        await PlayAsync(house, await house.WorkerAsync("ann"), """["final"]""", ["film/scrap.txt"]);
        house.Clock.Advance(TimeSpan.FromHours(25));

        Assert.Equal(0, (await house.Director.CallAsync("collect_garbage", new { dry_run = true })).GetProperty("versions_expired").GetInt32());
        Assert.Equal(1, (await house.Director.CallAsync("collect_garbage", new { })).GetProperty("versions_expired").GetInt32());
        Assert.Equal(["film/final.txt", "film/named.txt"], await ListAsync(house));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("""["${steps.make.outputs.list}"]""", null, true)]
    [InlineData("""["final"]""", 48, true)]
    [InlineData("""["final"]""", 1, false)]
    public async Task The_plan_says_what_stays_and_how_long(string? deliverables, int? hours, bool stays)
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var worker = await house.WorkerAsync("ann");
        var run = await PlayAsync(house, worker, deliverables, ["film/one.txt"], hours);

        house.Clock.Advance(TimeSpan.FromHours(26));
        await SweepAsync(house, async () => stays || !(await ListAsync(house)).Contains("film/one.txt"));

        Assert.Equal(stays, (await ListAsync(house)).Contains("film/one.txt"));
        Assert.Equal(deliverables is not null, (await house.RunAsync(run)).TryGetProperty("intermediates", out _));
    }

    [Fact]
    public async Task A_run_that_is_opened_again_keeps_everything()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync(Steps, deliverables: """["final"]""");
        var step = await worker.TakeAsync();
        await worker.CallAsync("put_asset", new { asset = "film/one.txt", text = "1", claim = Claim(step) });
        await worker.CompleteAsync(step);
        await worker.FailAsync(await worker.TakeAsync("x-next"), retryable: false);
        Assert.True((await house.RunAsync(run)).GetProperty("intermediates").TryGetProperty("expire_at", out _));
        await house.Director.CallAsync("control_run", new { run_id = run, action = "retry_step", step_id = "final" });

        house.Clock.Advance(TimeSpan.FromHours(100));
        await SweepAsync(house, () => Task.FromResult(true));

        Assert.Equal(["film/one.txt"], await ListAsync(house));
        Assert.False((await house.RunAsync(run)).TryGetProperty("intermediates", out _));
    }

    // The step 'make' writes the assets, the step 'final' writes film/final.txt and names film/named.txt.
    private static async Task<string> PlayAsync(RunHouse house, McpClient worker, string? deliverables, string[] assets, int? hours = null)
    {
        var plan = JsonDocument.Parse(
            $$"""{"steps": [{{Steps}}]{{(deliverables is null ? "" : $", \"deliverables\": {deliverables}")}}{{(hours is null ? "" : $", \"intermediates_hours\": {hours}")}}}""").RootElement;
        var created = await house.Director.CallAsync("create_plan", new { workspace = "film", plan });
        var run = (await house.Director.CallAsync("start_run", new { plan_id = created.Text("plan_id") })).Text("run_id");
        var step = await worker.TakeAsync();
        foreach (var asset in assets.Append("film/named.txt").Distinct())
        {
            await worker.CallAsync("put_asset", new { asset, text = asset, claim = Claim(step) });
        }

        await worker.CompleteAsync(step, new { list = assets.Select(asset => asset + "@1") });
        var final = await worker.TakeAsync("x-next");
        await worker.CallAsync("put_asset", new { asset = "film/final.txt", text = "final", claim = Claim(final) });
        await worker.CompleteAsync(final, new { asset = "film/final.txt@1", more = new[] { "film/named.txt@1" } });
        return run;
    }

    private static object Claim(JsonElement step) => new { run_id = step.Text("run_id"), step_id = step.Text("step_id"), generation = step.GetProperty("generation").GetInt64() };

    private static async Task<IEnumerable<string>> ListAsync(RunHouse house) =>
        (await house.Director.CallAsync("list_assets", new { workspace = "film" })).GetProperty("assets").EnumerateArray().Select(one => one.Text("asset"));

    private static Task SweepUntilAsync(RunHouse house, string run, int expired) => SweepAsync(house, async () =>
        (await house.RunAsync(run)).GetProperty("intermediates").GetProperty("expired").GetInt32() >= expired);

    // The sweep looks once as it begins; it is stopped before it looks again.
    private static async Task SweepAsync(RunHouse house, Func<Task<bool>> isDone)
    {
        using var stop = new CancellationTokenSource();
        var sweep = house.House.GetAll<IBackgroundWork>().Single(work => work.GetType().Name == "IntermediateSweep").RunAsync(stop.Token);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        for (var tries = 0; tries < 3_000 && !await isDone(); tries++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sweep);
    }
}
