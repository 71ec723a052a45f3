using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers;

/// <summary>What a craft made of a step: outputs and metrics as the capability documents them.</summary>
public sealed record StepReport(JsonObject Outputs, JsonObject Metrics)
{
    /// <summary>Why there was nothing to do, such as <c>no_transcriber</c>; null when it was done.</summary>
    public string? PassedOver { get; init; }

    /// <summary>The model that did it, and the decision that chose it.</summary>
    public RoutedModel? Route { get; init; }

    public static StepReport Of(object outputs, object? metrics = null) =>
        new((JsonObject)Wire.Object(outputs).DeepClone(), metrics is null ? [] : (JsonObject)Wire.Object(metrics).DeepClone());

    /// <summary>Nothing to do here, and no failure.</summary>
    public static StepReport Skip(string reason) => new([], []) { PassedOver = reason };
}
