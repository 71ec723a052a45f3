using System.Text.Json.Nodes;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Tests.Plans;

public sealed class EstimatingTests
{
    // A generator with a price: swift-video takes 12 s and 2 s a second, 25,000 micros a second.
    private static string Shot(string id, string needs = "", string more = "") =>
        $$"""{"id": "{{id}}", "capability": "generate_video", "needs": [{{needs}}], "models": ["swift-video"], "inputs": {"prompt": "x", "duration_seconds": 4, "output": "w/{{id}}"}{{more}}}""";

    private static Estimate Of(int slots, params string[] steps) => Estimating.Of(Make.Steps(steps), Make.Models, Make.Day, slots);

    [Fact]
    public void A_chain_takes_the_sum()
    {
        var estimate = Of(8, Shot("a"), Shot("b", "\"a\""), Shot("c", "\"b\""));

        Assert.Equal(60, estimate.ExpectedSeconds);
        Assert.Equal(300_000, estimate.ExpectedCostMicros);
        Assert.Equal(["sequential"], estimate.Patterns);
        Assert.Equal(["a", "b", "c"], estimate.CriticalPath);
    }

    [Fact]
    public void Branches_take_the_slowest_and_the_merge_and_fewer_slots_take_longer()
    {
        string[] plan = [Shot("a"), Shot("b"), Shot("slow", "\"b\""), Shot("merge", "\"a\",\"slow\"")];

        Assert.Equal(60, Of(2, plan).ExpectedSeconds);
        Assert.Equal(80, Of(1, plan).ExpectedSeconds);
        Assert.Equal(["b", "slow", "merge"], Of(2, plan).CriticalPath);
        Assert.Contains("parallel", Of(2, plan).Patterns);
    }

    [Fact]
    public void A_condition_counts_by_its_probability_and_at_worst_whole()
    {
        var estimate = Of(1, Shot("a"), Shot("b", "\"a\"", """, "when": "true", "expect": {"probability": 0.25}"""));

        Assert.Equal((25, 40), (estimate.ExpectedSeconds, estimate.WorstSeconds));
        Assert.Equal((125_000, 200_000), (estimate.ExpectedCostMicros, estimate.WorstCostMicros));
        Assert.Equal(["sequential", "conditional", "hybrid"], estimate.Patterns);
    }

    [Fact]
    public void A_repair_counts_at_worst_as_often_as_it_may()
    {
        var estimate = Of(1, Shot("a", more: """, "quality": {"metric": "m", "min": 1, "on_fail": {"route_to": "fix", "max": 3}}"""), Shot("fix", more: """, "expect": {"probability": 0}"""));

        Assert.Equal((20, 80), (estimate.ExpectedSeconds, estimate.WorstSeconds));
    }

    [Theory]
    [InlineData("[1, 2, 3, 4]", "", 4, 2, 40)]
    [InlineData("\"inputs.list\"", "", 3, 3, 20)]
    [InlineData("\"inputs.other\"", ", \"expect\": {\"items\": 6}", 6, 2, 60)]
    public void A_fan_out_counts_its_items_over_the_slots(string list, string expect, int items, int slots, double seconds)
    {
        var plan = Make.Steps(Shot("a", more: $", \"for_each\": {list}{expect}"));

        var estimate = Estimating.Of(plan, Make.Models, Make.Day, slots, new JsonObject { ["list"] = new JsonArray(1, 2, 3) });

        Assert.Equal(items, estimate.Steps[0].Items);
        Assert.Equal(seconds, estimate.ExpectedSeconds);
    }

    [Fact]
    public void Without_a_named_model_the_cheapest_of_the_tier_counts()
    {
        var estimate = Of(1, """{"id": "a", "capability": "generate_video", "tier": "premium", "inputs": {"prompt": "x", "duration_seconds": 2, "output": "w/o"}}""");

        Assert.Equal("cinema-video", estimate.Steps[0].Model);
        Assert.Equal(600_000, estimate.ExpectedCostMicros);
    }
}
