using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.Tools.Plans;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Plans;

public sealed partial class CreatePlanTests
{
    [Fact]
    public async Task A_plan_is_proven_estimated_and_pinned()
    {
        await using var house = await RunHouse.OpenAsync();
        var plan = Json("""{"name": "mend", "steps": [{"id": "cut", "capability": "extract", "inputs": {"asset": "film/a.mp4", "start_seconds": 1, "end_seconds": 3, "output": "film/c.mp4"}}, {"id": "fix", "capability": "sharpen", "needs": ["cut"], "inputs": {"asset": "${steps.cut.outputs.asset}", "output": "film/d.mp4"}}]}""");

        var made = await house.Director.CallAsync("create_plan", new { workspace = "film", plan });

        Assert.Equal(["cut", "fix"], made.GetProperty("steps").EnumerateArray().Select(step => step.Text("id")));
        Assert.Equal("cut", made.GetProperty("steps")[1].GetProperty("needs")[0].GetString());
        Assert.True(made.GetProperty("estimated_latency_seconds").GetDouble() > 0);
        Assert.True(made.GetProperty("estimated_cost_micros").GetInt64() >= 0);
        Assert.Contains("sequential", made.GetProperty("patterns").EnumerateArray().Select(pattern => pattern.GetString()));
        Assert.Equal(CanonicalJson.Sha256(CanonicalJson.Of(plan)), made.Text("sha256"));
        var run = await house.Director.CallAsync("start_run", new { plan_id = made.Text("plan_id") });
        Assert.Equal(made.Text("sha256"), (await house.RunAsync(run.Text("run_id"))).Text("plan_sha256"));
    }

    [Fact]
    public async Task Everything_wrong_comes_back_at_once()
    {
        await using var house = await RunHouse.OpenAsync();

        var refused = await house.Director.RefusedAsync("create_plan", new
        {
            workspace = "film",
            plan = Json("""{"steps": [{"id": "a", "capability": "fly", "needs": ["b"]}, {"id": "b", "capability": "probe", "needs": ["a", "nobody"]}]}"""),
        }, "invalid_plan");

        var codes = refused.GetProperty("facts").GetProperty("problems").EnumerateArray().Select(problem => problem.Text("code")).ToList();
        Assert.Contains("unknown_capability", codes);
        Assert.Contains("missing_need", codes);
        Assert.Contains("missing_input", codes);
        Assert.Contains("cycle", codes);
    }

    [Fact]
    public async Task What_is_no_plan_is_told()
    {
        await using var house = await RunHouse.OpenAsync();

        await house.Director.RefusedAsync("create_plan", new { workspace = "film", brief = "make a film" }, "not_supported");
        await house.Director.RefusedAsync("create_plan", new { workspace = "film", brief = "make a film", plan = Json("""{"steps": [{"id": "a", "capability": "x-work"}]}""") }, "invalid_argument");
        await house.Director.RefusedAsync("create_plan", new { workspace = "film" }, "invalid_argument");
        await house.Director.RefusedAsync("create_plan", new { workspace = "film", plan = Json("""{"steps": [{"id": "a", "capability": "x-work", "approval": "yes"}]}""") }, "invalid_plan");
        await house.Director.RefusedAsync("create_plan", new { workspace = "film", plan = "steps" }, "invalid_argument");
        await house.Director.RefusedAsync("create_plan", new { workspace = "none", plan = Json("""{"steps": [{"id": "a", "capability": "x-work"}]}""") }, "not_found");
    }

    [Fact]
    public async Task The_plans_in_the_guide_can_be_run()
    {
        await using var house = await RunHouse.OpenAsync();
        var guide = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/plans.md"));
        var plans = JsonBlock().Matches(guide).Select(match => match.Groups[1].Value).Where(text => text.Contains("\"steps\"", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(plans);
        foreach (var plan in plans)
        {
            await house.Director.CallAsync("create_plan", new { workspace = "film", plan = Json(plan) });
        }
    }

    [Fact]
    public void The_order_of_members_does_not_change_what_is_pinned() =>
        Assert.Equal("""{"a":null,"b":[1,{"c":1.50,"d":"é"}]}""", CanonicalJson.Of(Json("""{"b": [1, {"d": "é", "c": 1.50}], "a": null}""")));

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
