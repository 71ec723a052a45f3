using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.Director;

namespace Pipeline.Agents.Tests.Director;

public sealed class PlanBoundsTests
{
    [Theory]
    [InlineData("probe", "asset", "other/secret.mp4", "outside the workspace")]
    [InlineData("cut", "output", "other/out.mp4", "outside the workspace")]
    [InlineData("find", "workspace", "other", "searches the workspace other")]
    [InlineData("deliver", "path", "/exports/elsewhere.mp4", "which nobody asked for")]
    [InlineData("notify", "event", "all.keys", "only 'delivery.ready'")]
    [InlineData("notify", "subscription_id", "sub_1", "to all who subscribed")]
    [InlineData("compose", "output", "coast/elsewhere.mp4", "No step composes the final cut")]
    public void What_nobody_asked_for_is_out_of_bounds(string step, string input, string value, string problem)
    {
        var plan = RulesPlanner.Write(Requests.Usual, ScriptRules.Write(Requests.Usual.Brief));
        plan.Objects("steps").First(one => one.Text("id") == step)["inputs"]!.AsObject()[input] = value;

        Assert.Contains(problem, Assert.Single(PlanBounds.Check(plan, Requests.Usual)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("deliver")]
    public void A_plan_without_check_or_delivery_is_none(string step)
    {
        var plan = RulesPlanner.Write(Requests.Usual, ScriptRules.Write(Requests.Usual.Brief));
        var steps = (JsonArray)plan["steps"]!;
        steps.Remove(plan.Objects("steps").First(one => one.Text("id") == step));

        Assert.Single(PlanBounds.Check(plan, Requests.Usual));
    }
}
