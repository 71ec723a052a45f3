using System.Text.Json.Nodes;

namespace Pipeline.Reliability.Runs;

/// <summary>The plans of the mixed runs, and how each must end.</summary>
internal static class MixedPlans
{
    /// <summary>One of each; <paramref name="width"/> is how far the fan spreads.</summary>
    public static IReadOnlyList<MixedPlan> All(int width) =>
    [
        new("chain", "succeeded", [Step("c1"), Step("c2", "c1"), Step("c3", "c2"), Step("c4", "c3"), Step("c5", "c4")]),
        new("fan", "succeeded", [Step("first"), Fan("wide", width, "first"), Step("last", "wide")]),
        new("conditional", "succeeded",
            [Step("look"), When("high", "steps.look.metrics.luck >= 0.5", "look"), When("low", "steps.look.metrics.luck < 0.5", "look"), Step("either", "high", "low")]),
        new("retry", "succeeded", [Step("root"), Step("calm", "root"), Flaky("flaky", 2, "root"), Flaky("flakier", 4, "root"), Step("joined", "calm", "flaky", "flakier")]),
        new("doomed", "failed", [Step("start"), Doomed("dies", "start"), Step("orphan", "dies"), Step("lives", "start")]),
    ];

    private static JsonObject Step(string id, params string[] needs) => Stage.Step(id, needs, new() { ["retry"] = Stage.Retry(20, 0.05) });

    private static JsonObject With(JsonObject step, string name, JsonNode value)
    {
        step[name] = value;
        return step;
    }

    private static JsonObject Fan(string id, int width, string need) =>
        With(Step(id, need), "for_each", new JsonArray([.. Enumerable.Range(0, width).Select(item => JsonValue.Create(item))]));

    private static JsonObject When(string id, string condition, string need) => With(Step(id, need), "when", condition);

    private static JsonObject Flaky(string id, int failures, string need) => With(Step(id, need), "inputs", new JsonObject { ["failures"] = failures });

    private static JsonObject Doomed(string id, string need) => With(Step(id, need), "inputs", new JsonObject { ["doomed"] = true });
}

/// <summary>A plan and its end.</summary>
internal sealed record MixedPlan(string Name, string End, IReadOnlyList<JsonObject> Steps)
{
    public JsonObject ToJson() => new() { ["name"] = Name, ["steps"] = new JsonArray([.. Steps.Select(step => step.DeepClone())]) };

    /// <summary>What a step needs, by the plan's ids.</summary>
    public IEnumerable<string> Needs(string baseId) =>
        Steps.First(step => step.Text("id") == baseId)["needs"]!.AsArray().Select(need => need!.GetValue<string>());
}
