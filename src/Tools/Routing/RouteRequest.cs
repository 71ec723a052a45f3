using System.Text.Json.Nodes;

namespace Pipeline.Tools.Routing;

/// <summary>A step that needs a model.</summary>
/// <param name="Capability">What is to be done.</param>
/// <param name="Inputs">Its inputs, with every expression worked out.</param>
public sealed record RouteRequest(string Capability, JsonObject Inputs)
{
    public Constraints Constraints { get; init; } = new();

    /// <summary>The plan's own order of models; the first that fits is taken.</summary>
    public IReadOnlyList<string> Preferred { get; init; } = [];
}
