using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Director;

/// <summary>What a director thinks of the result, kept as <c>plans/ID-verdict.json</c>.</summary>
/// <param name="Method"><c>rules</c>, or the model that looked at it.</param>
/// <param name="Asset">The version it is about.</param>
/// <param name="Reasons">What speaks for and against it.</param>
/// <param name="Decisions">What was decided on the way.</param>
public sealed record Verdict(bool Accepted, string Method, string? Asset, IReadOnlyList<string> Reasons, IReadOnlyList<string> Decisions)
{
    /// <summary>By rules: the run's state, the final check, and what was repaired. Pure.</summary>
    public static Verdict Of(RunView run, IReadOnlyList<string> decisions)
    {
        var reasons = new List<string> { $"the run {run.State}" };
        reasons.AddRange(run.Steps.Where(step => step.IsFailed).Select(step => $"{step.StepId}: {step.ErrorCode}: {step.ErrorMessage}"));
        var check = run.Steps.LastOrDefault(step => step is { Capability: "check", State: "succeeded" });
        if (check is not null)
            reasons.AddRange((check.Outputs["report"] as System.Text.Json.Nodes.JsonObject ?? []).Objects("checks").Select(one =>
                FormattableString.Invariant($"{one.Text("name")}: {(one.Flag("passed") is true ? "passed" : "failed")} ({one.Number("measured")}; wanted {one.Text("wanted")})")));
        foreach (var repair in run.Steps.Where(step => step is { State: "succeeded", Capability: "denoise" or "sharpen" or "stabilise" } && step.Metrics.Number("duration_seconds") is not null))
            reasons.Add(FormattableString.Invariant($"{repair.StepId}: sharpness {repair.Metrics.Number("sharpness_before"):0.00} to {repair.Metrics.Number("sharpness"):0.00}, cleanness {repair.Metrics.Number("cleanness_before"):0.00} to {repair.Metrics.Number("cleanness"):0.00}"));
        var asset = run.Steps.LastOrDefault(step => step is { Capability: "deliver", State: "succeeded" })?.Outputs.Text("asset");
        return new Verdict(run.State == "succeeded" && (check is null || check.Metrics.Number("passed") is 1), "rules", asset, reasons, decisions);
    }
}
