namespace Pipeline.Tools.Routing;

/// <summary>The model for a step, and why.</summary>
/// <param name="DecisionId">Name it when reporting the step; null after a dry run.</param>
/// <param name="SavedMicros">Less than the dearest fit premium model would cost.</param>
/// <param name="Complexity">Of the prompt, 0 to 1.</param>
/// <param name="Traffic">The shot by which a share of the traffic decided.</param>
/// <param name="FallbackFrom">Would have been taken, but rests, is full or failed this step.</param>
/// <param name="Shadow">Make this as well, with generate_media into another output, for comparison.</param>
public sealed record RouteResult(
    string? DecisionId, string Model, string Version, string Provider, string Tier, string Reason, long EstimatedCostMicros, double EstimatedLatencySeconds,
    long? SavedMicros, double Complexity, string? Traffic, string? FallbackFrom, Shadow? Shadow, IReadOnlyList<Alternative> Alternatives)
{
    internal static RouteResult From(string? decisionId, RouteRequest request, Decision decision) => new(
        decisionId, decision.Model, decision.Version, decision.Provider, Contract.Wire.Name(decision.Tier), decision.Reason, decision.EstimatedCostMicros,
        Math.Round(decision.EstimatedLatencySeconds, 3), decision.SavedMicros, decision.Complexity, decision.Cause == Cause.Traffic ? request.Shot : null, decision.FallbackFrom,
        decision.Shadow, decision.Alternatives);
}
