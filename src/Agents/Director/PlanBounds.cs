using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Director;

/// <summary>
/// What a plan written by a model may do, beyond being sound: work in its own workspace, deliver what was asked to where it was
/// asked, tell only whom it was told to. A text that talked the model into something else ends here. Pure.
/// </summary>
public static partial class PlanBounds
{
    private const int MostSteps = 60;

    private static readonly HashSet<string> AssetInputs = new(StringComparer.Ordinal) { "asset", "output", "transcript_asset", "assets", "references", "clips" };

    /// <summary>Everything that is out of bounds; empty when nothing is.</summary>
    public static IReadOnlyList<string> Check(JsonObject plan, PlanRequest request)
    {
        var problems = new List<string>();
        var steps = plan.Objects("steps").ToList();
        if (steps.Count is 0 or > MostSteps) problems.Add($"A plan here has 1 to {MostSteps} steps, not {steps.Count}.");
        if (!steps.Exists(step => step.Text("capability") == "deliver")) problems.Add("No step delivers.");
        if (!steps.Exists(step => step.Text("capability") == "check")) problems.Add("No step checks the final cut.");
        if (!steps.Exists(step => step.Text("capability") == "compose" && (step["inputs"] as JsonObject)?.Text("output") == request.Delivery))
            problems.Add($"No step composes the final cut to {request.Delivery}.");
        foreach (var step in steps) CheckStep(step, request, problems);
        return problems;
    }

    private static void CheckStep(JsonObject step, PlanRequest request, List<string> problems)
    {
        var id = step.Text("id") ?? "?";
        var inputs = step["inputs"] as JsonObject ?? [];
        foreach (var (name, value) in inputs.Where(input => AssetInputs.Contains(input.Key)))
            foreach (var text in Texts(value))
                if (!text.StartsWith("${", StringComparison.Ordinal) && !text.StartsWith(request.Workspace + "/", StringComparison.Ordinal))
                    problems.Add($"{id}: '{name}' is '{text}', outside the workspace {request.Workspace}.");
        if (step.Text("capability") == "query" && inputs.Text("workspace") is { } other && other != request.Workspace) problems.Add($"{id}: it searches the workspace {other}.");
        if (step.Text("capability") == "deliver" && inputs.Text("path") is { } path && path != request.ExportPath) problems.Add($"{id}: it exports to '{path}', which nobody asked for.");
        if (step.Text("capability") != "notify") return;
        if (request.NotifyEvent is null || inputs.Text("event") != request.NotifyEvent || inputs["subscription_id"] is not null)
            problems.Add($"{id}: it notifies of '{inputs.Text("event")}'; {(request.NotifyEvent is null ? "nobody is to be notified" : $"only '{request.NotifyEvent}' is asked for, to all who subscribed")}.");
        if (Secret().IsMatch(inputs["payload"]?.ToJsonString() ?? "")) problems.Add($"{id}: its payload may only carry outputs and metrics of steps.");
    }

    private static IEnumerable<string> Texts(JsonNode? value) => value switch
    {
        JsonArray list => list.SelectMany(Texts),
        JsonObject members => members.Where(member => member.Key == "asset").SelectMany(member => Texts(member.Value)),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => [text.GetValue<string>()],
        _ => [],
    };

    [GeneratedRegex(@"\$\{\s*(inputs|event)\b")]
    private static partial Regex Secret();
}
