namespace Pipeline.Tools.Plans;

/// <summary>A proven and stored plan with what it is expected to take.</summary>
/// <param name="Sha256">Of the plan as canonical JSON.</param>
/// <param name="EstimatedLatencySeconds">With every condition and repair weighted by its probability.</param>
/// <param name="WorstLatencySeconds">With every branch, repair and retry for quality.</param>
/// <param name="CriticalPath">The chain that no number of workers makes faster.</param>
public sealed record PlanCreated(
    string PlanId, string Workspace, string? Name, string Sha256, IReadOnlyList<PlannedStep> Steps, double EstimatedLatencySeconds, double WorstLatencySeconds,
    long EstimatedCostMicros, long WorstCostMicros, IReadOnlyList<string> CriticalPath, IReadOnlyList<string> Patterns, IReadOnlyList<PlanProblem> Warnings)
{
    internal static PlanCreated From(PlanRow row, ProvenPlan proven, Estimate estimate) => new(
        row.PlanId, row.Workspace, row.Name, row.Sha256,
        [.. estimate.Steps.Select(step => PlannedStep.From(proven.Graph.Step(step.Id), step))],
        estimate.ExpectedSeconds, estimate.WorstSeconds, estimate.ExpectedCostMicros, estimate.WorstCostMicros, estimate.CriticalPath, estimate.Patterns, proven.Warnings);
}

/// <summary>One step of a plan; seconds and cost are of one call.</summary>
public sealed record PlannedStep(
    string Id, string Capability, IReadOnlyList<string> Needs, string? Model, double EstimatedSeconds, long EstimatedCostMicros, double Probability, int Items)
{
    internal static PlannedStep From(PlanStep step, StepEstimate estimate) =>
        new(step.Id, step.Capability, step.Needs, estimate.Model, Math.Round(estimate.Seconds, 3), estimate.CostMicros, estimate.Probability, estimate.Items);
}
