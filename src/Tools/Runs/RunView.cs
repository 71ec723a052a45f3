using System.Text.Json;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

/// <summary>A run as get_run shows it.</summary>
/// <param name="PlanSha256">Of the plan that the run is pinned to, as canonical JSON.</param>
/// <param name="Counts">How many steps are in each state, all of them counted.</param>
/// <param name="Steps">Those asked for, in plan order; items after their fan-out, repairs after what they mend with.</param>
/// <param name="Cursor">Names the next page; null on the last.</param>
/// <param name="Intermediates">Once it has ended and its plan names deliverables.</param>
public sealed record RunView(
    string RunId, string PlanId, string PlanSha256, string? Name, string Workspace, string State, JsonElement? Inputs, string StartedBy,
    DateTimeOffset StartedAt, DateTimeOffset? EndedAt, RunTotals Totals, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<string> Patterns,
    IReadOnlyList<StepView> Steps, string? Cursor, IReadOnlyList<RunDecision> Decisions, IReadOnlyList<ApprovalView> Approvals, RunIntermediates? Intermediates);

/// <summary>What the run made on its way and does not deliver.</summary>
/// <param name="ExpireAt">When it is looked at next; null when nothing is left to expire.</param>
/// <param name="Expired">Versions that have gone.</param>
/// <param name="ExpiredBytes">Their sizes added up.</param>
public sealed record RunIntermediates(DateTimeOffset? ExpireAt, long Expired, long ExpiredBytes);

/// <summary>What was expected of the run and what it came to so far.</summary>
/// <param name="Seconds">From start to end, or until now.</param>
/// <param name="CostMicros">Every charge, wasted ones included.</param>
/// <param name="SavedShare">Share of the source bytes that was not moved, 0 to 1; null when nothing was measured.</param>
public sealed record RunTotals(
    double Seconds, double EstimatedSeconds, double WorstSeconds, long CostMicros, long EstimatedCostMicros, long WorstCostMicros, long WasteMicros, long? BudgetMicros,
    long SourceBytes, long BytesRead, double? SavedShare);

/// <summary>A step of a run.</summary>
/// <param name="BaseId">The plan's step that says what to do: of cut[2] it is cut.</param>
/// <param name="SourceId">For a repair, the step whose result it mends.</param>
/// <param name="BlockedBy">What it needs that is not done.</param>
/// <param name="Seconds">Of the claims that ended, added up.</param>
/// <param name="EstimatedSeconds">Of one call.</param>
/// <param name="Agent">Who did it last.</param>
public sealed record StepView(
    string StepId, string BaseId, string Capability, string State, string? Reason, IReadOnlyList<string>? BlockedBy, string? SourceId, long Generation,
    IReadOnlyList<AttemptView> Attempts, JsonElement? Inputs, JsonElement? Outputs, JsonElement? Metrics, string? Model, string? DecisionId, string? Tier, string? Agent,
    long CostMicros, long? EstimatedCostMicros, double? Seconds, double? EstimatedSeconds, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt,
    DateTimeOffset? NotBefore, DateTimeOffset? LeaseExpiresAt, StepFault? Error);

/// <summary>One claim of a step; the outcome is null while it goes on.</summary>
public sealed record AttemptView(long Generation, string Agent, DateTimeOffset ClaimedAt, DateTimeOffset? EndedAt, string? Outcome, string? Model, long? CostMicros, StepFault? Error);

/// <summary>A human's verdict; without an asset it was about what the step may spend.</summary>
public sealed record ApprovalView(string StepId, string? Asset, string Verdict, string? Note, long? UpToMicros, string By, DateTimeOffset At)
{
    internal static ApprovalView From(ApprovalRow row) => new(row.StepId, row.Asset is null ? null : $"{row.Asset}@{row.Version}", row.Verdict, row.Note, row.UpToMicros, row.Principal, Instant.From(row.AtMs));
}

/// <summary>What went wrong.</summary>
public sealed record StepFault(string Code, string? Message);
