using System.Text.Json;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Runs;

/// <summary>The shapes of plans, run over the tools.</summary>
public sealed class RunShapesTests
{
    [Fact]
    public async Task A_fan_out_unfolds_over_its_list_and_joins_again()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync(
            """
            {"id": "find", "capability": "x-find"},
            {"id": "cut", "capability": "x-cut", "needs": ["find"], "for_each": "${steps.find.outputs.hits}", "inputs": {"hit": "${item.name}", "at": "${index}"}},
            {"id": "join", "capability": "x-join", "needs": ["cut"], "inputs": {"all": "${steps.cut.items[*].outputs.made}"}}
            """);

        await worker.CompleteAsync(await worker.TakeAsync("x-find"), new { hits = new[] { new { name = "door" }, new { name = "car" }, new { name = "end" } } });
        for (var item = 0; item < 3; item++)
        {
            var cut = await worker.TakeAsync("x-cut");
            Assert.Equal($"cut[{item}]", cut.Text("step_id"));
            await worker.CompleteAsync(cut, new { made = cut.GetProperty("inputs").Text("hit") + cut.GetProperty("inputs").GetProperty("at") });
        }

        var join = await worker.TakeAsync("x-join");
        Assert.Equal("""["door0","car1","end2"]""", join.GetProperty("inputs").GetProperty("all").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        await worker.CompleteAsync(join);
        var shown = await house.RunAsync(run);
        Assert.Equal("succeeded", shown.Text("state"));
        Assert.Equal(6, shown.GetProperty("counts").GetProperty("succeeded").GetInt32());
        var cuts = await house.Director.CallAsync("get_run", new { run_id = run, steps = new[] { "cut" }, limit = 3 });
        Assert.Equal(["cut", "cut[0]", "cut[1]"], cuts.GetProperty("steps").EnumerateArray().Select(step => step.Text("step_id")));
        var rest = await house.Director.CallAsync("get_run", new { run_id = run, steps = new[] { "cut" }, limit = 3, cursor = cuts.Text("cursor") });
        var typo = await house.Director.RefusedAsync("get_run", new { run_id = run, steps = new[] { "cut", "cutt" } }, "not_found");
        Assert.Equal("cutt", typo.GetProperty("facts").Text("name"));
        Assert.Equal(["cut[2]"], rest.GetProperty("steps").EnumerateArray().Select(step => step.Text("step_id")));
    }

    [Fact]
    public async Task A_result_below_the_bar_is_mended_and_a_good_one_is_not()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync(
            """
            {"id": "cut", "capability": "x-cut", "for_each": ["good", "bad"], "inputs": {"name": "${item}"},
             "quality": {"metric": "sharpness", "min": 0.5, "on_fail": {"route_to": "mend", "max": 2}}},
            {"id": "mend", "capability": "x-mend", "inputs": {"asset": "${source.outputs.asset}"}},
            {"id": "join", "capability": "x-join", "needs": ["cut"], "inputs": {"all": "${steps.cut.items[*].outputs.asset}"}}
            """);

        await worker.CompleteAsync(await worker.TakeAsync("x-cut"), new { asset = "film/good@1" }, new { sharpness = 0.9 });
        var below = await worker.CompleteAsync(await worker.TakeAsync("x-cut"), new { asset = "film/bad@1" }, new { sharpness = 0.1 }, cost: 10);
        Assert.Equal(("waiting", "repair"), (below.Text("state"), below.Text("reason")));
        var mend = await worker.TakeAsync("x-mend");
        Assert.Equal(("film/bad@1", "sharpness"), (mend.GetProperty("inputs").Text("asset"), mend.GetProperty("quality").Text("metric")));
        await worker.CompleteAsync(mend, new { asset = "film/bad@2" }, new { sharpness = 0.3 });
        var again = await worker.TakeAsync("x-mend");
        Assert.Equal("film/bad@2", again.GetProperty("inputs").Text("asset"));
        await worker.CompleteAsync(again, new { asset = "film/bad@3" }, new { sharpness = 0.7 });
        Assert.Null(await worker.ClaimAsync(["x-mend", "x-cut"]));

        var join = await worker.TakeAsync("x-join");
        Assert.Equal(["film/good@1", "film/bad@3"], join.GetProperty("inputs").GetProperty("all").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal("succeeded", (await worker.CompleteAsync(join)).Text("run_state"));
        Assert.Equal("below_bar", Attempt(await house.RunAsync(run), "cut[1]").Text("outcome"));
    }

    [Theory]
    [InlineData("\"any\"", 1)]
    [InlineData("2", 2)]
    public async Task A_join_of_some_goes_on_as_soon_as_there_are_enough(string join, int enough)
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        await house.StartAsync(
            $$"""
            {"id": "a", "capability": "x-work"}, {"id": "b", "capability": "x-work"}, {"id": "c", "capability": "x-work"},
            {"id": "end", "capability": "x-end", "needs": ["a", "b", "c"], "join": {{join}}}
            """);

        for (var done = 0; done < enough; done++)
        {
            Assert.Null(await worker.ClaimAsync(["x-end"]));
            await worker.CompleteAsync(await worker.TakeAsync());
        }

        Assert.NotNull(await worker.ClaimAsync(["x-end"]));
    }

    [Fact]
    public async Task A_condition_skips_and_a_worker_may_pass_over()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync(
            """
            {"id": "hear", "capability": "x-hear"},
            {"id": "mend", "capability": "x-mend", "needs": ["hear"], "when": "steps.hear.metrics.noise > 0.5"},
            {"id": "end", "capability": "x-end", "needs": ["mend"], "inputs": {"text": "${coalesce(steps.hear.outputs.text, 'none')}"}}
            """);

        var skipped = await worker.CompleteAsync(await worker.TakeAsync("x-hear"), new { skipped = "no_transcriber" });
        Assert.Equal(("skipped", "no_transcriber"), (skipped.Text("state"), skipped.Text("reason")));
        var end = await worker.TakeAsync("x-end");
        Assert.Equal("none", end.GetProperty("inputs").Text("text"));
        await worker.CompleteAsync(end);
        Assert.Equal("hear=skipped mend=skipped end=succeeded", await house.StatesAsync(run));
    }

    [Fact]
    public async Task A_failed_step_rests_and_then_ends_the_run()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync(
            """
            {"id": "a", "capability": "x-work", "retry": {"max_attempts": 2, "backoff_seconds": 10}}, {"id": "b", "capability": "x-end", "needs": ["a"]}
            """);

        var rests = await worker.FailAsync(await worker.TakeAsync());
        Assert.Equal(("waiting", "backoff"), (rests.Text("state"), rests.Text("reason")));
        house.Clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Null(await worker.ClaimAsync(["x-work"]));
        house.Clock.Advance(TimeSpan.FromSeconds(5.2));
        var second = await worker.TakeAsync();
        Assert.Equal(2, second.GetProperty("attempt").GetInt32());

        Assert.Equal("failed", (await worker.FailAsync(second)).Text("run_state"));
        Assert.Equal("a=failed b=skipped", await house.StatesAsync(run));
        Assert.Equal("broken", (await house.RunAsync(run)).GetProperty("steps")[0].GetProperty("error").Text("code"));
    }

    [Fact]
    public async Task What_blocks_what_is_shown()
    {
        await using var house = await RunHouse.OpenAsync();
        var run = await house.StartAsync("""{"id": "a", "capability": "x-work"}, {"id": "b", "capability": "x-work"}, {"id": "end", "capability": "x-end", "needs": ["a", "b"]}""");

        var end = (await house.RunAsync(run)).GetProperty("steps")[2];

        Assert.Equal(["a", "b"], end.GetProperty("blocked_by").EnumerateArray().Select(one => one.GetString()));
    }

    private static JsonElement Attempt(JsonElement run, string stepId) =>
        run.GetProperty("steps").EnumerateArray().First(step => step.Text("step_id") == stepId).GetProperty("attempts")[0];
}
