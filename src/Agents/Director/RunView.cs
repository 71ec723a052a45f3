using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Director;

/// <summary>A run as get_run shows it, read for a director.</summary>
public sealed record RunView(string RunId, string State, IReadOnlyList<StepView> Steps, JsonObject Document)
{
    public bool IsOver => State is "succeeded" or "failed" or "cancelled";

    public static RunView From(JsonObject run) => new(
        run.Text("run_id") ?? "", run.Text("state") ?? "", [.. run.Objects("steps").Select(StepView.From)], run);

    /// <summary>The plan's step of that id.</summary>
    public StepView? Step(string id) => Steps.FirstOrDefault(step => step.StepId == id);

    /// <summary>The items of a fan-out, or the repairs of a repair step.</summary>
    public IEnumerable<StepView> Parts(string id) => Steps.Where(step => step.StepId != id && step.BaseId == id);

    /// <summary>The steps that stand differently than they did in <paramref name="before"/>.</summary>
    public IEnumerable<StepView> ChangedSince(RunView? before)
    {
        var known = before?.Steps.ToDictionary(step => step.StepId, step => step.Standing, StringComparer.Ordinal) ?? [];
        return Steps.Where(step => known.GetValueOrDefault(step.StepId) != step.Standing);
    }
}

/// <summary>One step of a run.</summary>
/// <param name="BaseId">The plan's step that says what to do: of <c>cut[2]</c> it is <c>cut</c>.</param>
public sealed record StepView(string StepId, string BaseId, string Capability, string State, string? Reason, string? ErrorCode, string? ErrorMessage, JsonObject Outputs, JsonObject Metrics, JsonObject Document)
{
    /// <summary>State, reason and generation in one word, to tell whether it moved.</summary>
    public string Standing => $"{State}/{Reason}/{Document.Whole("generation")}";

    public bool IsFailed => State == "failed";

    public static StepView From(JsonObject step)
    {
        var id = step.Text("step_id") ?? step.Text("id") ?? "";
        var error = step["error"] as JsonObject;
        return new StepView(
            id, step.Text("base_id") ?? BaseOf(id), step.Text("capability") ?? "", step.Text("state") ?? "", step.Text("reason"),
            error?.Text("code") ?? step.Text("error_code"), error?.Text("message") ?? step.Text("error_message"),
            step["outputs"] as JsonObject ?? [], step["metrics"] as JsonObject ?? [], step);
    }

    // cut[2] is of cut; mend:cut[2]:1 is of mend.
    private static string BaseOf(string id) => id.Split('[', ':')[0];
}
