using Pipeline.Tools.Models;
using Pipeline.Tools.Routing;
using Pipeline.Tools.Runs;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Routing;

public sealed class FallbackTests
{
    private static readonly object Ask = new { capability = "generate_video", inputs = new { prompt = "a door" }, constraints = new { exclude = new[] { "synthetic-pan", "synthetic-waves" } } };

    private static Task NoteAsync(RunHouse house, string model, OutcomeKind kind, double? retryAfter = null) => house.House.Database.TransactAsync("film", async tx =>
    {
        await OutcomesTable.AddAsync(tx, new(Catalogue.Shipped().Find(model)!.Provider, model, kind, 1, retryAfter, null));
        return true;
    }, CancellationToken.None);

    [Fact]
    public async Task A_rate_limited_model_is_replaced_in_the_next_decision_and_tried_again_by_one()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var first = (await house.Director.CallAsync("route_step", Ask)).Text("model");
        await NoteAsync(house, first, OutcomeKind.RateLimited, 60);

        var next = await house.Director.CallAsync("route_step", Ask);
        Assert.NotEqual(first, next.Text("model"));
        Assert.Equal(first, next.Text("fallback_from"));
        Assert.Contains("rests for 60 s (rate limited)", next.Text("reason"));

        house.Clock.Advance(TimeSpan.FromSeconds(61));
        var others = new[] { await house.House.ConnectAsync("bob"), await house.House.ConnectAsync("cid"), await house.House.ConnectAsync("dan") };
        var taken = await Task.WhenAll(others.Select(async other => (await other.CallAsync("route_step", Ask)).Text("model")));
        Assert.Single(taken, model => model == first);

        await NoteAsync(house, first, OutcomeKind.Succeeded);
        Assert.Equal(first, (await house.Director.CallAsync("route_step", Ask)).Text("model"));
    }

    [Fact]
    public async Task Only_what_the_server_can_call_is_chosen_when_that_is_asked_and_the_tier_follows()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var delivery = new { tier = "delivery", served = true };

        var here = await house.Director.CallAsync("route_step", new { capability = "generate_video", inputs = new { prompt = "a door" }, constraints = delivery });
        var anywhere = await house.Director.CallAsync("route_step", new { capability = "generate_video", inputs = new { prompt = "a door" }, constraints = new { delivery.tier } });

        Assert.Equal("local", here.Text("provider"));
        Assert.Contains("has no provider on this server", here.GetProperty("alternatives").ToString(), StringComparison.Ordinal);
        Assert.StartsWith("example-", anywhere.Text("provider"), StringComparison.Ordinal);
        Assert.True(here.GetProperty("saved_micros").GetInt64() > 0, "what nobody here sells still tells what the dearest would cost");
    }

    [Fact]
    public async Task A_dry_run_takes_no_try_and_no_shadow()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var first = (await house.Director.CallAsync("route_step", Ask)).Text("model");
        await NoteAsync(house, first, OutcomeKind.RateLimited, 60);
        house.Clock.Advance(TimeSpan.FromSeconds(61));

        var dry = await house.Director.CallAsync("route_step", new { capability = "generate_video", inputs = new { prompt = "a door" }, constraints = new { exclude = new[] { "synthetic-pan", "synthetic-waves" } }, dry_run = true });
        var other = await house.House.ConnectAsync("bob");

        Assert.Equal(first, dry.Text("model"));
        Assert.Equal(first, (await other.CallAsync("route_step", Ask)).Text("model"));
    }

    [Fact]
    public void Calls_tell_reliability_and_speed_and_results_quality()
    {
        var card = Catalogue.Shipped().Find("swift-video")!;
        OutcomeRow Row(string kind, double? seconds) => new() { Provider = card.Provider, Model = card.Id, Kind = kind, LatencySeconds = seconds };
        var health = HealthWindow.Of(new HealthRecords
        {
            Outcomes = [Row("succeeded", 4), Row("failed", null), Row("succeeded", 2), Row("succeeded", 9)],
            Accepted = [new() { Model = card.Id, Metrics = """{"sharpness": 1, "steadiness": 0.8, "cleanness": 0.9}""" }, new() { Model = card.Id, Metrics = """{"other": 1}""" }],
        }, [card], 0)[card.Id];

        Assert.Equal((3 + 3.8) / 8, health.Reliability!.Value, 9);
        Assert.Equal(4, health.LatencySeconds);
        Assert.Equal((0.9 + (4 * card.Quality)) / 5, health.Quality!.Value, 9);
    }

    [Fact]
    public void A_full_pool_overflows_to_what_is_free_and_only_when_it_may()
    {
        ModelCard[] cards =
        [
            Catalogue.Shipped().Find("synthetic-waves")! with { Rate = new() { Concurrent = 2 } },
            Catalogue.Shipped().Find("swift-video")!,
        ];
        var catalogue = new Catalogue(cards);
        var request = new RouteRequest("generate_video", new() { ["prompt"] = "a red ball" });
        var state = new RoutingState { NowMs = RoutingField.Now.ToUnixTimeMilliseconds() };
        Assert.Equal("synthetic-waves", Router.Choose(request, catalogue, state).Model);
        var full = state with { Pools = new Dictionary<string, PoolLoad> { ["synthetic-waves"] = new(2, 2) } };

        var over = Router.Choose(request, catalogue, full);
        var waits = Router.Choose(request with { Constraints = new() { MaxCostMicros = 0 } }, catalogue, full);

        Assert.Equal("swift-video", over.Model);
        Assert.Equal("synthetic-waves", over.FallbackFrom);
        Assert.Contains("is full (2 at work, 2 slots)", over.Reason);
        Assert.Equal("synthetic-waves", waits.Model);
        Assert.Contains("may wait", waits.Reason);
    }

    [Theory]
    [InlineData("upscale", 3, true)]
    [InlineData("denoise", 3, false)]
    [InlineData("upscale", 2, false)]
    public void A_reserved_slot_is_seen_as_taken_by_the_others(string capability, int upscaling, bool isFull)
    {
        var card = Catalogue.Shipped().Find("ffmpeg-upscale")! with
        {
            Capabilities = ["upscale", "denoise"],
            Rate = new() { Concurrent = 4, Reserved = new Dictionary<string, int> { ["denoise"] = 1 } },
        };

        Assert.Equal(isFull, Pools.Load(card, capability, [new CallsUnderWay { Model = card.Id, Capability = "upscale", Calls = upscaling }]).IsFull);
    }

    [Fact]
    public async Task Claims_under_way_fill_a_pool()
    {
        await using var house = await RunHouse.OpenAsync();
        var card = System.Text.Json.JsonSerializer.SerializeToNode(Catalogue.Shipped().Find("swift-video")!, Pipeline.Tools.Contract.Wire.Json)!;
        card["rate"] = new System.Text.Json.Nodes.JsonObject { ["concurrent"] = 1 };
        await house.Director.CallAsync("register_model", new { card });
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync("""
            {"id": "one", "capability": "generate_video", "models": ["swift-video", "studio-video"], "inputs": {"prompt": "a door", "output": "film/1.mp4"}},
            {"id": "two", "capability": "generate_video", "models": ["swift-video", "studio-video"], "inputs": {"prompt": "a door", "output": "film/2.mp4"}}
            """);
        await worker.TakeAsync("generate_video");
        await worker.TakeAsync("generate_video");

        var one = await worker.CallAsync("route_step", new { run_id = run, step_id = "one" });
        var again = await worker.CallAsync("route_step", new { run_id = run, step_id = "one" });
        var two = await worker.CallAsync("route_step", new { run_id = run, step_id = "two" });

        Assert.Equal(("swift-video", "swift-video", "studio-video"), (one.Text("model"), again.Text("model"), two.Text("model")));
        Assert.Equal("swift-video", two.Text("fallback_from"));
    }
}
