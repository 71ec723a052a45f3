using System.Text.Json;
using Pipeline.Tools.Plans;
using Pipeline.Tools.Tests.Plans;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Routing;

public sealed class RulesTests
{
    private const string Shot = "\"id\": \"shot\", \"capability\": \"generate_video\"";
    private const string Rest = ", \"inputs\": {\"prompt\": \"x\", \"output\": \"w/a.mp4\"}";

    private static async Task<JsonElement> RouteAsync(string rules, string inputs = """{"prompt": "a door", "output": "film/b.mp4"}""", string before = "", Func<RunHouse, Task>? prepare = null)
    {
        await using var house = await RunHouse.OpenAsync();
        if (prepare is not null) await prepare(house);
        var worker = await house.WorkerAsync("ann");
        var needs = before.Length > 0 ? ", \"needs\": [\"look\"]" : "";
        var run = await house.StartAsync(before + "{" + Shot + needs + ", \"inputs\": " + inputs + ", \"rules\": " + rules + "}");
        if (before.Length > 0)
        {
            var look = await worker.TakeAsync("x-look");
            await worker.CompleteAsync(look, new { }, new { sharpness = 0.3 });
        }

        await worker.TakeAsync("generate_video");
        return await worker.CallAsync("route_step", new { run_id = run, step_id = "shot" });
    }

    [Theory]
    [InlineData("""[{"when": "complexity < 0.5", "prefer": ["cinema-video"]}]""", "cinema-video")]
    [InlineData("""[{"when": "input_kind == 'text'", "tier": "premium"}]""", "cinema-video")]
    [InlineData("""[{"when": "given.prompt == 'a door' && length(given.prompt) == 6", "prefer": ["studio-video"]}]""", "studio-video")]
    public async Task A_rule_that_holds_decides(string rules, string model)
    {
        var routed = await RouteAsync(rules);

        Assert.Equal(model, routed.Text("model"));
        Assert.Contains("by rule shot.rules[0]", routed.Text("reason"));
    }

    [Fact]
    public async Task A_rule_that_does_not_hold_decides_nothing()
    {
        var routed = await RouteAsync("""[{"when": "input_kind == 'image'", "prefer": ["cinema-video"]}]""");

        Assert.NotEqual("cinema-video", routed.Text("model"));
        Assert.DoesNotContain("by rule", routed.Text("reason"));
    }

    [Fact]
    public async Task Quality_of_an_earlier_step_chooses_the_next_model()
    {
        var routed = await RouteAsync("""[{"when": "steps.look.metrics.sharpness < 0.5", "prefer": ["cinema-video"]}]""", before: """{"id": "look", "capability": "x-look"}, """);

        Assert.Equal("cinema-video", routed.Text("model"));
    }

    [Fact]
    public async Task A_metadata_flag_chooses_the_model()
    {
        var routed = await RouteAsync("""[{"when": "metadata.hero == true", "prefer": ["cinema-video"]}]""",
            """{"prompt": "a door", "references": ["film/hero.png"], "output": "film/b.mp4"}""",
            prepare: house => house.Director.CallAsync("put_asset", new { asset = "film/hero.png", base64 = "iVBORw0KGgo=", metadata = new { hero = true } }));

        Assert.Equal("cinema-video", routed.Text("model"));
    }

    [Theory]
    [InlineData("""[{"when": "complexity >", "tier": "draft"}]""", "bad_expression")]
    [InlineData("""[{"when": "nothing.here", "tier": "draft"}]""", "unknown_reference")]
    [InlineData("""[{"when": "steps.shot.metrics.x > 1", "tier": "draft"}]""", "unknown_reference")]
    [InlineData("""[{"when": "true", "prefer": ["nobody"]}]""", "unknown_model")]
    [InlineData("""[{"when": "true", "prefer": ["legacy-video"]}]""", "retired_model")]
    [InlineData("""[{"when": "true"}]""", "missing_field")]
    [InlineData("""[{"when": "true", "tier": "royal"}]""", "wrong_type")]
    [InlineData("""[{"when": "true", "tier": "draft", "colour": 1}]""", "unknown_field")]
    public void A_wrong_rule_is_named_before_anything_runs(string rules, string code)
    {
        var plan = JsonDocument.Parse("{\"steps\": [{" + Shot + Rest + ", \"rules\": " + rules + "}]}").RootElement;

        Assert.Contains(PlanProof.Check(plan, Make.Models, new DateOnly(2026, 11, 21)).Problems, problem => problem.Code == code);
    }

    [Fact]
    public void A_rule_for_the_whole_plan_knows_no_steps()
    {
        var plan = JsonDocument.Parse("""{"rules": [{"when": "steps.shot.metrics.x > 1", "tier": "draft"}], "steps": [{""" + Shot + Rest + "}]}").RootElement;

        Assert.Contains(PlanProof.Check(plan, Make.Models, new DateOnly(2026, 11, 21)).Problems, problem => problem is { Code: "unknown_reference", Path: "rules[0].when" });
    }
}
