using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers;

/// <summary>The model that the router chose for a step.</summary>
/// <param name="CostMicros">What it is expected to cost, in millionths of the catalogue's currency; exact where prices are fixed.</param>
public sealed record RoutedModel(string Model, string? DecisionId, string? Tier, long? CostMicros)
{
    /// <summary>Whose it is; <c>local</c> is the server's own.</summary>
    public string? Provider { get; init; }

    /// <summary>A model that is to make the same unseen, for comparison; null nearly always.</summary>
    public string? Shadow { get; init; }

    public static RoutedModel From(JsonObject decision) =>
        new(decision.Text("model") ?? "", decision.Text("decision_id"), decision.Text("tier"), decision.Whole("estimated_cost_micros")) { Provider = decision.Text("provider"), Shadow = (decision["shadow"] as JsonObject)?.Text("model") };
}
