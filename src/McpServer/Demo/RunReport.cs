using System.Text.Json;
using Pipeline.Tools.Runs;
using Pipeline.Tools.Workspaces;

namespace Pipeline.McpServer.Demo;

/// <summary>What <c>run.json</c> holds: the run as get_run and read_audit tell it, and what the receiver of webhooks saw.</summary>
/// <param name="SourceBytes">Size of what steps worked on, once for each step; analysis, which reads all of it, included.</param>
/// <param name="BytesRead">Of it, really read.</param>
/// <param name="SavedShare">Share of the source bytes that was not moved, 0 to 1; null when nothing was measured.</param>
/// <param name="Cuts">The same for the cuts alone.</param>
/// <param name="Takes">Who won which shot, and why; empty where nothing competed.</param>
/// <param name="DriftSeconds">Between picture and sound of the film, measured on what was decoded.</param>
/// <param name="Webhook">The signed webhook whose signature held; null when none came.</param>
public sealed record RunReport(
    string RunId, string State, string PlanId, string Workspace, string Brief, IReadOnlyList<string> Patterns, double Seconds, double EstimatedSeconds, long CostMicros, long EstimatedCostMicros,
    long SourceBytes, long BytesRead, double? SavedShare, CutReport Cuts, IReadOnlyList<StepReport> Steps, IReadOnlyList<JsonElement> Hits, IReadOnlyList<RunDecision> Decisions, AuditReport Audit, WebhookSeen? Webhook,
    string? Delivery, IReadOnlyList<TakeReport> Takes, double? DriftSeconds)
{
    public static RunReport Of(RunView run, string brief, IReadOnlyList<AuditPage> audit, WebhookSeen? webhook) => new(
        run.RunId, run.State, run.PlanId, run.Workspace, brief, run.Patterns, run.Totals.Seconds, run.Totals.EstimatedSeconds, run.Totals.CostMicros, run.Totals.EstimatedCostMicros,
        run.Totals.SourceBytes, run.Totals.BytesRead, run.Totals.SavedShare, CutReport.Of(run), [.. run.Steps.Select(StepReport.Of)], [.. run.Hits()], run.Decisions, AuditReport.Of(audit), webhook,
        run.Result("deliver"), [.. run.Steps.Where(step => step is { Capability: "compare", State: "succeeded" }).Select(TakeReport.Of)],
        run.Steps.Where(step => step.Capability == "check").Select(step => RunReading.Number(step.Metrics, "drift_seconds")).LastOrDefault());
}

/// <summary>What the cuts moved.</summary>
/// <param name="SourceBytes">Size of the footage, once for each cut.</param>
/// <param name="BytesRead">Of it, really read.</param>
/// <param name="SavedShare">Share that was not, 0 to 1; null when nothing was cut.</param>
public sealed record CutReport(long SourceBytes, long BytesRead, double? SavedShare)
{
    public static CutReport Of(RunView run)
    {
        var cuts = run.Steps.Where(step => step is { Capability: "extract", State: "succeeded" } && RunReading.Number(step.Outputs, "bytes_read") is not null).ToList();
        var (source, read) = (cuts.Sum(step => RunReading.Number(step.Outputs, "source_bytes") ?? 0), cuts.Sum(step => RunReading.Number(step.Outputs, "bytes_read") ?? 0));
        return new((long)source, (long)read, source > 0 ? Math.Round(Math.Max(0, 1 - (read / source)), 6) : null);
    }
}

/// <summary>One step of it.</summary>
/// <param name="Attempts">How often it was claimed.</param>
/// <param name="Seconds">Of all claims that ended.</param>
/// <param name="EstimatedSeconds">Of one call, as the plan expected it.</param>
public sealed record StepReport(
    string Id, string Capability, string State, string? Reason, string? Model, int Attempts, double? Seconds, double? EstimatedSeconds, long CostMicros, long? EstimatedCostMicros,
    string? Agent, JsonElement? Metrics, StepFault? Error)
{
    public static StepReport Of(StepView step) => new(
        step.StepId, step.Capability, step.State, step.Reason, step.Model, step.Attempts.Count, step.Seconds, step.EstimatedSeconds, step.CostMicros, step.EstimatedCostMicros, step.Agent,
        step.Metrics, step.Error);
}

/// <summary>The workspace's log, counted.</summary>
/// <param name="Verified">Whether its chain of hashes is unbroken.</param>
/// <param name="EntriesByAgent">How many entries each agent has.</param>
public sealed record AuditReport(int Entries, bool Verified, string ChainHead, IReadOnlyDictionary<string, int> EntriesByAgent)
{
    public static AuditReport Of(IReadOnlyList<AuditPage> pages) => new(
        pages.Sum(page => page.Entries.Count), pages.All(page => page.Verified), pages[^1].ChainHead,
        pages.SelectMany(page => page.Entries).GroupBy(entry => entry.Agent, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count()));
}
