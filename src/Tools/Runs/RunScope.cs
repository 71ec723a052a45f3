using System.Text.Json.Nodes;
using Pipeline.Tools.Plans.Expressions;

namespace Pipeline.Tools.Runs;

/// <summary>
/// What the names in a run's expressions stand for. <c>steps.ID</c> is {state, outputs, metrics, error?}; for a fan-out or a
/// repair step {state, items: [{state, outputs, metrics, error?, item, index}]}. Read from the rows only where an expression looks.
/// </summary>
internal sealed class RunScope(RunWork work, StepSnapshot? self = null, StepSnapshot? source = null) : IScope
{
    public JsonNode? Root(string name) => name switch
    {
        "inputs" => work.Inputs,
        "event" => work.Event,
        "item" => Json(self?.Item),
        "index" => self?.ItemIndex is { } index ? JsonValue.Create(index) : null,
        "source" => source is null ? null : Part(source),
        _ => null,
    };

    public JsonNode? Step(string id) => work.Node(id);

    internal static JsonNode? Json(string? text) => text is null ? null : JsonNode.Parse(text);

    /// <summary>A step, an item or a repair as expressions see it.</summary>
    internal static JsonObject Part(StepSnapshot step)
    {
        var node = new JsonObject
        {
            ["state"] = step.State.ToString().ToLowerInvariant(),
            ["outputs"] = Json(step.Outputs) ?? new JsonObject(),
            ["metrics"] = Json(step.Metrics) ?? new JsonObject(),
        };
        if (step.ErrorCode is not null) node["error"] = new JsonObject { ["code"] = step.ErrorCode, ["message"] = step.ErrorMessage };
        if (step.ItemIndex is not { } index) return node;
        node["item"] = Json(step.Item);
        node["index"] = index;
        return node;
    }
}
