using Pipeline.Tools.Routing;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;
using Role = Pipeline.Tools.Calls.Role;

namespace Pipeline.Tools.Tests.Routing;

public sealed class SetTrafficTests
{
    private static readonly Dictionary<string, double> Split = new() { ["swift-video"] = 0.7, ["studio-video"] = 0.3 };

    private static Task<System.Text.Json.JsonElement> RouteAsync(RunHouse house, string shot) =>
        house.Director.CallAsync("route_step", new { capability = "generate_video", inputs = new { prompt = "a door", shot } });

    [Fact]
    public async Task A_shot_stays_with_its_model_and_shares_are_met()
    {
        await using var house = await RunHouse.OpenAsync();
        var set = await house.Director.CallAsync("set_traffic", new { capability = "generate_video", weights = Split });
        Assert.Equal(1, set.GetProperty("version").GetInt64());

        var taken = new List<string>();
        for (var shot = 0; shot < 60; shot++) taken.Add((await RouteAsync(house, $"shot-{shot}")).Text("model"));
        for (var shot = 0; shot < 5; shot++) Assert.Equal(taken[shot], (await RouteAsync(house, $"shot-{shot}")).Text("model"));

        Assert.All(taken, model => Assert.Contains(model, Split.Keys));
        Assert.InRange(taken.Count(model => model == "swift-video"), 30, 54);
        Assert.Contains("% of the traffic", (await RouteAsync(house, "shot-0")).Text("reason"));
    }

    [Fact]
    public void Over_many_shots_the_shares_are_exact_and_moving_one_moves_few()
    {
        const int Shots = 100_000;
        string Arm(int shot, double first) =>
            Draw.Distance("c", $"s{shot}", "a", first) < Draw.Distance("c", $"s{shot}", "b", 1 - first) ? "a" : "b";

        var before = Enumerable.Range(0, Shots).Select(shot => Arm(shot, 0.2)).ToList();
        var after = Enumerable.Range(0, Shots).Select(shot => Arm(shot, 0.3)).ToList();

        Assert.InRange(before.Count(arm => arm == "a"), 0.195 * Shots, 0.205 * Shots);
        Assert.Equal(0, before.Zip(after).Count(pair => pair.First == "a" && pair.Second == "b"));
        Assert.InRange(before.Zip(after).Count(pair => pair.First != pair.Second), 0.095 * Shots, 0.105 * Shots);
    }

    [Fact]
    public async Task A_ramp_takes_over_at_its_time()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        await house.Director.CallAsync("set_traffic", new
        {
            capability = "generate_video", weights = new Dictionary<string, double> { ["swift-video"] = 1 },
            ramp = new[] { new { at = house.Clock.GetUtcNow().AddHours(1), weights = new Dictionary<string, double> { ["studio-video"] = 1 } } },
        });

        Assert.Equal("swift-video", (await RouteAsync(house, "one")).Text("model"));
        house.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal("studio-video", (await RouteAsync(house, "one")).Text("model"));
    }

    [Fact]
    public async Task A_shadow_goes_along_until_its_own_budget_is_used()
    {
        await using var house = await RunHouse.OpenAsync();
        await house.Director.CallAsync("set_traffic", new
        {
            capability = "generate_video", weights = new Dictionary<string, double> { ["swift-video"] = 1 },
            shadow = new { model = "studio-video", share = 1.0, budget_micros = 900_000 },
        });

        var shadows = new List<bool>();
        for (var shot = 0; shot < 4; shot++)
        {
            var routed = await RouteAsync(house, $"shot-{shot}");
            shadows.Add(routed.TryGetProperty("shadow", out var shadow));
            if (shadows[^1]) Assert.Equal(400_000, shadow.GetProperty("estimated_cost_micros").GetInt64());
        }

        Assert.Equal([true, true, false, false], shadows);
        Assert.Equal(800_000, (await house.Director.CallAsync("set_traffic", new { capability = "generate_video" })).GetProperty("shadow_micros").GetInt64());
    }

    [Fact]
    public async Task Models_are_compared()
    {
        await using var house = await RunHouse.OpenAsync();
        await house.House.Database.TransactAsync("film", async tx =>
        {
            for (var i = 1; i <= 3; i++) await OutcomesTable.AddAsync(tx, new("example-fast", "swift-video", OutcomeKind.Succeeded, i, null, null));
            await OutcomesTable.AddAsync(tx, new("example-fast", "swift-video", OutcomeKind.RateLimited, null, 1, null));
            return true;
        }, CancellationToken.None);
        var worker = await house.WorkerAsync("ann");
        await house.StartAsync("""{"id": "shot", "capability": "generate_video", "inputs": {"prompt": "a door", "output": "film/b.mp4"}}""");
        var step = await worker.TakeAsync("generate_video");
        await worker.CompleteAsync(step, new { asset = "film/b.mp4@1" }, new { quality = 0.8 }, 125_000, "swift-video");

        var compared = (await house.Director.CallAsync("set_traffic", new { capability = "generate_video" })).GetProperty("compared")[0];

        Assert.Equal("swift-video", compared.Text("model"));
        Assert.Equal(4, compared.GetProperty("calls").GetInt32());
        Assert.Equal(0.75, compared.GetProperty("success_share").GetDouble());
        Assert.Equal(0.8, compared.GetProperty("median_quality").GetDouble());
        Assert.Equal(125_000, compared.GetProperty("mean_cost_micros").GetInt64());
        Assert.Equal(2, compared.GetProperty("median_latency_seconds").GetDouble());
    }

    [Fact]
    public async Task Whoever_sees_some_workspaces_does_not_route_for_all()
    {
        await using var house = await RunHouse.OpenAsync();
        var ofOne = await house.House.ConnectAsync("ben", workspaces: ["film"]);

        await ofOne.RefusedAsync("set_traffic", new { capability = "generate_video", weights = new Dictionary<string, double>() }, "forbidden");
        await ofOne.RefusedAsync("set_traffic", new { capability = "generate_video" }, "forbidden");
    }

    [Theory]
    [InlineData("""{"capability": "generate_video", "shadow": {"model": null, "share": 0.5, "budget_micros": 5}}""")]
    [InlineData("""{"capability": "generate_video", "shadow": {"share": 0.5, "budget_micros": 5}}""")]
    [InlineData("""{"capability": "generate_video", "ramp": [{"at": "2026-11-01T00:00:00Z", "weights": null}]}""")]
    [InlineData("""{"capability": "generate_video", "ramp": [null]}""")]
    [InlineData("""{"capability": "generate_video", "ramp": [{"at": "soon", "weights": {}}]}""")]
    [InlineData("""{"capability": "generate_video", "weights": {"swift-video": 1e308, "x": -1e308}}""")]
    [InlineData("""{"capability": "generate_video", "weights": {"swift-video": 0.9999}}""")]
    [InlineData("""{"capability": "generate_vido", "weights": {"swift-video": 1}}""")]
    [InlineData("""{"capability": "generate_vido"}""")]
    public async Task What_is_no_split_is_the_callers_mistake(string arguments)
    {
        await using var house = await RunHouse.OpenAsync();

        await house.Director.RefusedAsync("set_traffic", System.Text.Json.JsonDocument.Parse(arguments).RootElement, "invalid_argument");
    }

    [Fact]
    public async Task A_wrong_split_is_refused()
    {
        await using var house = await RunHouse.OpenAsync();
        var member = await house.House.ConnectAsync("ann", Role.Member);
        Task Refused(Dictionary<string, double> weights) => house.Director.RefusedAsync("set_traffic", new { capability = "generate_video", weights }, "invalid_argument");

        await Refused(new() { ["swift-video"] = 0.5, ["studio-video"] = 0.4 });
        await Refused(new() { ["swift-video"] = 1.5, ["studio-video"] = -0.5 });
        await Refused(new() { ["nothing"] = 1 });
        await Refused(new() { ["legacy-video"] = 1 });
        await Refused(new() { ["ffmpeg-denoise"] = 1 });
        await member.RefusedAsync("set_traffic", new { capability = "generate_video", weights = Split }, "forbidden");
    }
}
