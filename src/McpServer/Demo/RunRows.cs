using System.Globalization;
using Pipeline.Tools.Runs;

namespace Pipeline.McpServer.Demo;

/// <summary>A run in few rows: a step of the plan is one, however many items or repairs it has. Pure.</summary>
public static class RunRows
{
    /// <summary>The rows, in the plan's order. What only waits in reserve has none.</summary>
    public static IReadOnlyList<RunRowText> Of(RunView run, DateTimeOffset now) =>
        [.. run.Steps.GroupBy(step => step.BaseId, StringComparer.Ordinal).Select(group => Row(group.Key, [.. group], now)).OfType<RunRowText>()];

    private static RunRowText? Row(string id, IReadOnlyList<StepView> steps, DateTimeOffset now)
    {
        var whole = steps[0];
        var parts = steps.Where(step => step.StepId != id).ToList();
        if (parts.Count == 0)
        {
            return new(id, whole.Capability, whole.State, whole.Reason ?? "", whole.Agent ?? "", Seconds(whole, now), Note(whole));
        }

        var done = parts.Count(part => part.State is "succeeded");
        var passed = parts.Count(part => part.State is "skipped");
        var state = parts.Exists(part => part.State == "claimed") ? "claimed" : passed == parts.Count ? "skipped" : whole.State;
        var counts = passed == parts.Count ? $"all {passed.ToString(CultureInfo.InvariantCulture)} passed by" : $"{done.ToString(CultureInfo.InvariantCulture)} of {(parts.Count - passed).ToString(CultureInfo.InvariantCulture)}" + (passed > 0 ? $", {passed.ToString(CultureInfo.InvariantCulture)} passed by" : "");
        var agents = parts.Select(part => part.Agent).Where(agent => agent is not null).Distinct().Order(StringComparer.Ordinal);
        var seconds = parts.Select(part => Seconds(part, now)).OfType<double>().ToList();
        return new(id, whole.Capability, state, counts, string.Join(' ', agents), seconds.Count == 0 ? null : seconds.Sum(), string.Join("; ", parts.Select(Note).Where(note => note.Length > 0)));
    }

    private static double? Seconds(StepView step, DateTimeOffset now) =>
        step.State == "claimed" && step.Attempts is [.., { EndedAt: null } open] ? (step.Seconds ?? 0) + Math.Max(0, (now - open.ClaimedAt).TotalSeconds) : step.Seconds;

    private static string Note(StepView step) =>
        step.Error is { } error ? $"{error.Code}" : step.Attempts.Count > 1 ? $"{step.StepId}: attempt {step.Attempts.Count.ToString(CultureInfo.InvariantCulture)}" : "";
}

/// <summary>One row.</summary>
/// <param name="State">A step's state; of items the one that tells most.</param>
/// <param name="Detail">Why, or how many.</param>
/// <param name="Seconds">Worked so far, all items added up.</param>
public sealed record RunRowText(string Id, string Capability, string State, string Detail, string Agent, double? Seconds, string Note);
