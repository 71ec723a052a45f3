using System.Text.Json.Nodes;
using Pipeline.Tools.Models;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Generation;

/// <summary>What a caller wants made, as it was read.</summary>
internal sealed record JobOrder(
    string Model, string? Capability, string Prompt, IReadOnlyList<string> References, JsonObject Parameters, AssetName Output, string? RunId, string? StepId, string? Promotes, TimeSpan? Patience)
{
    /// <summary>Everything that tells one order from another.</summary>
    public JsonObject Body() => new()
    {
        ["model"] = Model,
        ["capability"] = Capability,
        ["prompt"] = Prompt,
        ["references"] = new JsonArray([.. References.Select(reference => (JsonNode)reference)]),
        ["parameters"] = Parameters.DeepClone(),
    };
}

/// <summary>An order that a model can take, with its price.</summary>
internal sealed record PricedOrder(ModelCard Card, string Capability, IReadOnlyList<string> References, long BoundMicros, long? PremiumMicros);
