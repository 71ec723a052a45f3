using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Routing;

public sealed class RouteStepTests
{
    [Fact]
    public async Task A_claimed_step_gets_a_model_that_is_remembered_with_its_run()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync("""{"id": "mend", "capability": "sharpen", "inputs": {"asset": "film/a.mp4", "output": "film/b.mp4"}}""");
        var step = await worker.TakeAsync("sharpen");

        var routed = await worker.CallAsync("route_step", new { run_id = run, step_id = "mend" });
        Assert.NotEmpty(routed.Text("reason"));
        await worker.CallAsync("complete_step", new
        {
            run_id = run, step_id = "mend", generation = 1, outputs = new { asset = "film/b.mp4@1" }, cost_micros = 0, decision_id = routed.Text("decision_id"),
        });

        var shown = await house.RunAsync(run);
        Assert.Equal(routed.Text("model"), shown.GetProperty("steps")[0].Text("model"));
        Assert.Equal(routed.Text("decision_id"), shown.GetProperty("decisions")[0].Text("decision_id"));
        Assert.Equal("mend", step.Text("step_id"));
    }

    [Fact]
    public async Task A_dry_run_stores_nothing_and_a_capability_can_be_asked_for_alone()
    {
        await using var house = await RunHouse.OpenAsync();

        var dry = await house.Director.CallAsync("route_step", new { capability = "generate_video", inputs = new { prompt = "a door" }, dry_run = true });
        var stored = await house.Director.CallAsync("route_step", new { capability = "generate_video", inputs = new { prompt = "a door" }, constraints = new { exclude = new[] { dry.Text("model") } } });

        Assert.False(dry.TryGetProperty("decision_id", out _));
        Assert.NotEmpty(stored.Text("decision_id"));
        Assert.NotEqual(dry.Text("model"), stored.Text("model"));
        Assert.Contains(stored.GetProperty("alternatives").EnumerateArray(), other => other.Text("model") == dry.Text("model"));
    }

    [Fact]
    public async Task A_model_that_failed_the_step_is_left_out_next_time()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync(
            """{"id": "shot", "capability": "generate_video", "inputs": {"prompt": "a door", "output": "film/b.mp4"}, "retry": {"max_attempts": 3, "backoff_seconds": 0}}""");
        object ask = new { run_id = run, step_id = "shot" };
        var first = await worker.TakeAsync("generate_video");
        var failed = await worker.CallAsync("route_step", ask);
        await worker.FailAsync(first);

        await worker.TakeAsync("generate_video");
        var next = await worker.CallAsync("route_step", ask);

        Assert.NotEqual(failed.Text("model"), next.Text("model"));
        Assert.Equal(failed.Text("model"), (await house.RunAsync(run)).GetProperty("steps")[0].GetProperty("attempts")[0].Text("model"));
    }

    [Fact]
    public async Task A_runs_budget_is_kept_to()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync("""{"id": "shot", "capability": "generate_video", "inputs": {"prompt": "a door", "output": "film/b.mp4"}}""", budget: 1);
        await worker.TakeAsync("generate_video");

        var routed = await worker.CallAsync("route_step", new { run_id = run, step_id = "shot", constraints = new { max_cost_micros = 10_000_000 } });

        Assert.Equal(0, routed.GetProperty("estimated_cost_micros").GetInt64());
        Assert.Contains(routed.GetProperty("alternatives").EnumerateArray(), other => other.Text("why_not").Contains("at most 1 allowed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_routed_is_told()
    {
        await using var house = await RunHouse.OpenAsync();
        var run = await house.StartAsync("""{"id": "a", "capability": "x-work"}, {"id": "b", "capability": "x-work", "needs": ["a"]}""");

        await house.Director.RefusedAsync("route_step", new { }, "invalid_argument");
        await house.Director.RefusedAsync("route_step", new { run_id = run }, "invalid_argument");
        await house.Director.RefusedAsync("route_step", new { capability = "x-work" }, "no_model");
        await house.Director.RefusedAsync("route_step", new { run_id = run, step_id = "b" }, "invalid_state");
        await house.Director.RefusedAsync("route_step", new { run_id = run, step_id = "z" }, "not_found");
        await house.Director.RefusedAsync("route_step", new { capability = "denoise", constraints = new { tier = "royal" } }, "invalid_argument");
    }
}
