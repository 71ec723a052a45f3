namespace Pipeline.Tools.Routing;

/// <summary>The model for a step, and why.</summary>
/// <param name="DecisionId">Name it when reporting the step; null after a dry run.</param>
/// <param name="SavedMicros">Less than the dearest fit premium model would cost.</param>
public sealed record RouteResult(
    string? DecisionId, string Model, string Version, string Provider, string Tier, string Reason, long EstimatedCostMicros, double EstimatedLatencySeconds,
    long? SavedMicros, IReadOnlyList<Alternative> Alternatives)
{
    internal static RouteResult From(string? decisionId, Decision decision) => new(
        decisionId, decision.Model, decision.Version, decision.Provider, Contract.Wire.Name(decision.Tier), decision.Reason, decision.EstimatedCostMicros,
        Math.Round(decision.EstimatedLatencySeconds, 3), decision.SavedMicros, decision.Alternatives);
}
