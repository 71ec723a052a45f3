using System.Text.Json.Nodes;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Models;
using Pipeline.Tools.Plans.Expressions;
using Pipeline.Tools.Runs;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Routing;

/// <summary>Works out which of a plan's routing rules hold for a step, and what they come to.</summary>
internal static class RuleBook
{
    /// <exception cref="ExpressionError">A rule compares what cannot be compared.</exception>
    public static async ValueTask<Ruled> ApplyAsync(IQuery query, string workspace, RunSnapshot run, StepSnapshot step, JsonObject inputs)
    {
        var plan = run.Graph.Step(step.BaseId);
        var rules = plan.Rules.Select((rule, at) => (Name: $"{plan.Id}.rules[{at}]", Rule: rule)).Concat(run.Plan.Rules.Select((rule, at) => (Name: $"rules[{at}]", Rule: rule)))
            .Select(named => (named.Name, named.Rule, When: Expression.Parse(named.Rule.When))).ToList();
        if (rules.Count == 0) return Ruled.Nothing;
        var metadata = rules.Any(rule => rule.When.Paths().Any(path => path.Root == "metadata")) ? await MetadataAsync(query, workspace, inputs).ConfigureAwait(false) : null;
        var source = step.SourceId is null ? null : run.Steps.GetValueOrDefault(step.SourceId);
        var scope = new RuleScope(new RunScope(new RunWork(run, query.NowMs, 0), step, source), inputs, Demand.From(plan.Capability, inputs), metadata);
        var held = rules.Where(rule => rule.When.Holds(scope)).ToList();
        return new Ruled(
            [.. held.Select(rule => rule.Name)],
            [.. held.SelectMany(rule => rule.Rule.Prefer)],
            [.. held.SelectMany(rule => rule.Rule.Exclude)],
            held.Select(rule => rule.Rule.Tier).FirstOrDefault(tier => tier is not null));
    }

    // Of what the step works on: its asset, else its image or first reference, if it lies in the run's workspace.
    private static async ValueTask<JsonNode?> MetadataAsync(IQuery query, string workspace, JsonObject inputs)
    {
        var named = Text(inputs["asset"]) ?? Text(inputs["image"]) ?? Text((inputs["references"] as JsonArray)?.FirstOrDefault());
        if (named is null || !named.StartsWith(workspace + "/", StringComparison.Ordinal)) return null;
        var asset = await AssetsTable.FindAsync(query, AssetName.Parse(named)).ConfigureAwait(false);
        return asset?.Metadata is { } metadata ? JsonNode.Parse(metadata) : null;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

/// <summary>What the rules that hold come to.</summary>
internal sealed record Ruled(IReadOnlyList<string> Applied, IReadOnlyList<string> Prefer, IReadOnlyList<string> Exclude, Tier? Tier)
{
    public static readonly Ruled Nothing = new([], [], [], null);
}
