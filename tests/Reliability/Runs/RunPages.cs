using System.Text.Json.Nodes;

namespace Pipeline.Reliability.Runs;

/// <summary>Runs as get_run shows them.</summary>
internal static class RunPages
{
    /// <summary>What must stay the same when nothing happens to a run: all of it but the time that passes.</summary>
    public static string Still(JsonObject run)
    {
        var still = (JsonObject)run.DeepClone();
        still["totals"]!.AsObject().Remove("seconds");
        return still.ToJsonString();
    }

    public static IEnumerable<JsonObject> Steps(JsonObject run) => run["steps"]!.AsArray().Select(step => step!.AsObject());

    public static IEnumerable<JsonObject> Attempts(JsonObject step) => step["attempts"]!.AsArray().Select(attempt => attempt!.AsObject());

    public static bool HasEnded(JsonObject run) => run.Text("state") is "succeeded" or "failed" or "cancelled";

    /// <summary>A member as text.</summary>
    public static string Text(this JsonObject node, string name) => node[name]?.GetValue<string>() ?? "";

    /// <summary>A member as a whole number; 0 when it is missing.</summary>
    public static long Whole(this JsonObject node, string name) => node[name]?.GetValue<long>() ?? 0;

    /// <summary>A JSON number in a list or object, whatever holds it.</summary>
    public static JsonObject Clone(this JsonObject node) => (JsonObject)node.DeepClone();
}
