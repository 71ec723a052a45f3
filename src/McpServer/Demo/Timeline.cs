using System.Globalization;
using System.Text.Json;
using Pipeline.Tools.Runs;

namespace Pipeline.McpServer.Demo;

/// <summary>What was chosen in a run, when and why, as lines for people. Pure.</summary>
public static class Timeline
{
    private const int LongestText = 110;
    private const string NeedFailed = "need_failed";

    private static readonly Dictionary<string, string> Because = new(StringComparer.Ordinal)
    {
        ["no_transcriber"] = "nothing here can listen, so there is no transcript; text is never invented",
        ["condition"] = "its condition was not met, so it is not needed",
        ["nothing_to_index"] = "there is no transcript to index; what analysis saw is in the index already",
    };

    /// <summary>The lines in the order of time.</summary>
    public static IReadOnlyList<string> Of(RunView run)
    {
        List<(DateTimeOffset At, string Line)> lines = [(run.StartedAt, $"{run.Steps.Count(step => step.StepId == step.BaseId)} steps planned; patterns: {string.Join(", ", run.Patterns)}")];
        foreach (var step in run.Steps)
        {
            foreach (var line in Lines(step, run))
            {
                lines.Add((step.EndedAt ?? run.EndedAt ?? run.StartedAt, line));
            }
        }

        if (run.Steps.Count(step => step.State == "skipped" && step.Reason == NeedFailed) is > 0 and var lost)
        {
            lines.Add((run.EndedAt ?? run.StartedAt, $"{lost} step(s) skipped: what they need has failed"));
        }

        lines.AddRange(run.Decisions.Select(decision => (
            decision.At, $"{decision.StepId}: model {decision.Model} ({decision.Tier}), {Money.Text(decision.EstimatedCostMicros)} expected: {decision.Reason}")));
        return [.. lines.OrderBy(line => line.At).Select(line => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (line.At - run.StartedAt).TotalSeconds),6:0.0} s  {line.Line}"))];
    }

    private static IEnumerable<string> Lines(StepView step, RunView run) => step switch
    {
        { State: "failed", Capability: "check", Outputs: not null } => [$"{step.StepId}: failed: {step.Error?.Message}", .. Checked(step)],
        { State: "failed" } => [$"{step.StepId}: failed: {step.Error?.Code}: {step.Error?.Message}"],
        { State: "skipped", StepId: var id } when id == step.BaseId => step.Reason is "not_needed" or NeedFailed ? [] : [$"{id}: skipped ({step.Reason}): {Because.GetValueOrDefault(step.Reason ?? "", "nothing needed it")}"],
        { State: "succeeded", Capability: "query" } => Found(step),
        { State: "succeeded", Capability: "extract" } when step.StepId != step.BaseId => [Cut(step, run)],
        { State: "succeeded", Capability: "denoise" or "sharpen" or "stabilise" } when step.Metrics is not null => [Repaired(step)],
        { State: "succeeded", Capability: "compare" } => Compared(step),
        { State: "succeeded", Capability: "check" } => Checked(step),
        { State: "succeeded", Capability: "deliver" } => [$"{step.StepId}: {RunReading.Text(step.Outputs, "asset")}"],
        _ => [],
    };

    private static IEnumerable<string> Found(StepView step)
    {
        var hits = step.Hits();
        yield return hits.Count == 0 ? $"{step.StepId}: nothing that is said answers the brief; the scenes that analysis found stand in"
            : $"{step.StepId}: {hits.Count} moment(s) for \"{Short(RunReading.Text(step.Inputs, "query") ?? "")}\"";
        foreach (var hit in hits)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"   {RunReading.Number(hit, "start_seconds"):0.0} to {RunReading.Number(hit, "end_seconds"):0.0} s  {RunReading.Text(hit, "kind")}  score {RunReading.Number(hit, "score"):0.###}  \"{Short(RunReading.Text(hit, "text") ?? "")}\"");
        }
    }

    private static string Cut(StepView step, RunView run)
    {
        var index = step.StepId[step.StepId.IndexOf('[', StringComparison.Ordinal)..];
        var repair = run.Steps.FirstOrDefault(other => other.StepId == other.BaseId + index && other.Capability is "denoise" or "sharpen" && other.State is "succeeded" or "failed" && other.StepId.EndsWith(index, StringComparison.Ordinal));
        var verdict = repair is null ? "good enough, goes past the repairs" : $"below the bar, sent to {repair.BaseId}";
        return string.Create(CultureInfo.InvariantCulture,
            $"{step.StepId}: {RunReading.Number(step.Outputs, "start_seconds"):0.00} to {RunReading.Number(step.Outputs, "end_seconds"):0.00} s, cleanness {RunReading.Number(step.Metrics, "cleanness"):0.00}, sharpness {RunReading.Number(step.Metrics, "sharpness"):0.00}: {verdict}");
    }

    private static string Repaired(StepView step)
    {
        var metric = step.Capability == "denoise" ? "cleanness" : "sharpness";
        return string.Create(CultureInfo.InvariantCulture,
            $"{step.StepId}: {metric} {RunReading.Number(step.Metrics, metric + "_before"):0.00} to {RunReading.Number(step.Metrics, metric):0.00}, measured again after the repair");
    }

    private static IEnumerable<string> Compared(StepView step)
    {
        var take = TakeReport.Of(step);
        yield return $"{step.StepId}: {take.Model ?? "?"} wins with {take.Asset} ({take.Method})";
        foreach (var reason in take.Reasons)
        {
            yield return $"   {Short(reason)}";
        }
    }

    private static IEnumerable<string> Checked(StepView step)
    {
        if (step.State == "succeeded")
        {
            yield return $"{step.StepId}: all of it decoded";
        }

        if (RunReading.Member(RunReading.Member(step.Outputs, "report"), "checks") is not { ValueKind: JsonValueKind.Array } checks)
        {
            yield break;
        }

        foreach (var check in checks.EnumerateArray())
        {
            var isPassed = RunReading.Member(check, "passed") is { ValueKind: JsonValueKind.True };
            var measured = RunReading.Number(check, "measured") is { } number ? number.ToString("0.###", CultureInfo.InvariantCulture) + ", " : "";
            yield return $"   {RunReading.Text(check, "name")}: {(isPassed ? "passed" : "FAILED")} ({measured}wanted {RunReading.Text(check, "wanted")})";
        }
    }

    private static string Short(string text) => text.Length <= LongestText ? text : text[..(LongestText - 1)] + "…";
}
