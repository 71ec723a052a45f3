using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Runs;

public sealed class ControlRunTests
{
    private const string Two = """{"id": "a", "capability": "x-work"}, {"id": "b", "capability": "x-work", "needs": ["a"]}""";

    [Fact]
    public async Task A_paused_run_hands_nothing_out_but_takes_what_is_done()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync(Two);
        var a = await worker.TakeAsync();

        Assert.Equal("paused", (await Control(house, run, "pause")).Text("state"));
        await worker.CompleteAsync(a);
        Assert.Null(await worker.ClaimAsync(["x-work"]));
        var waiting = worker.ClaimAsync(["x-work"], wait: 40);
        await Control(house, run, "resume");

        Assert.Equal("b", (await waiting)!.Value.Text("step_id"));
    }

    [Fact]
    public async Task A_cancelled_run_is_over_and_its_workers_are_superseded()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync(Two);
        var a = await worker.TakeAsync();

        Assert.Equal("cancelled", (await Control(house, run, "cancel")).Text("state"));

        await worker.RefusedAsync("complete_step", WorkerCalls.Report(a), "superseded");
        Assert.Equal("a=cancelled b=cancelled", await house.StatesAsync(run));
        Assert.Equal("withdrawn", (await house.RunAsync(run)).GetProperty("steps")[0].GetProperty("attempts")[0].Text("outcome"));
        await house.Director.RefusedAsync("control_run", new { run_id = run, action = "resume" }, "invalid_state");
    }

    [Fact]
    public async Task A_failed_step_is_retried_with_what_was_given_up_because_of_it()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync(Two);
        await worker.FailAsync(await worker.TakeAsync(), retryable: false);
        Assert.Equal("failed", (await house.RunAsync(run)).Text("state"));

        Assert.Equal("running", (await Control(house, run, "retry_step", "a")).Text("state"));
        await worker.CompleteAsync(await worker.TakeAsync());
        await worker.CompleteAsync(await worker.TakeAsync());

        var shown = await house.RunAsync(run);
        Assert.Equal("succeeded", shown.Text("state"));
        Assert.Equal("a=succeeded b=succeeded", await house.StatesAsync(run));
    }

    [Fact]
    public async Task A_skipped_step_lets_the_rest_go_on()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync(Two);

        Assert.Equal("skipped", (await Control(house, run, "skip_step", "a")).GetProperty("step").Text("state"));

        Assert.Equal("b", (await worker.TakeAsync()).Text("step_id"));
    }

    [Fact]
    public async Task What_cannot_be_done_is_told()
    {
        await using var house = await RunHouse.OpenAsync();
        var run = await house.StartAsync(Two);

        await house.Director.RefusedAsync("control_run", new { run_id = run, action = "explode" }, "invalid_argument");
        await house.Director.RefusedAsync("control_run", new { run_id = run, action = "retry_step" }, "invalid_argument");
        await house.Director.RefusedAsync("control_run", new { run_id = run, action = "pause", step_id = "a" }, "invalid_argument");
        await house.Director.RefusedAsync("control_run", new { run_id = run, action = "retry_step", step_id = "a" }, "invalid_state");
        await house.Director.RefusedAsync("control_run", new { run_id = run, action = "skip_step", step_id = "z" }, "not_found");
    }

    private static Task<System.Text.Json.JsonElement> Control(RunHouse house, string run, string action, string? step = null) =>
        house.Director.CallAsync("control_run", new { run_id = run, action, step_id = step });
}
