using Pipeline.Storage.State;

namespace Pipeline.Tools.Runs;

/// <summary>What was decided about models. Declared here for the reports of runs; routing answers it.</summary>
public interface IDecisionBook
{
    ValueTask<RunDecision?> FindAsync(IQuery query, string decisionId);

    /// <summary>The decisions made for a run's steps, oldest first.</summary>
    ValueTask<IReadOnlyList<RunDecision>> OfRunAsync(IQuery query, string runId);
}

/// <summary>A model chosen for a step.</summary>
/// <param name="PremiumCostMicros">What the dearest fit premium model would have cost.</param>
public sealed record RunDecision(
    string DecisionId, string? RunId, string? StepId, string Capability, string Model, string Provider, string Tier, string Reason, long EstimatedCostMicros,
    double EstimatedLatencySeconds, long? PremiumCostMicros, DateTimeOffset At);
