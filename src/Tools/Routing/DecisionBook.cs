using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Routing;

/// <summary>Tells runs what was decided for them.</summary>
internal sealed class DecisionBook : IDecisionBook
{
    public async ValueTask<RunDecision?> FindAsync(IQuery query, string decisionId) =>
        await DecisionsTable.FindAsync(query, decisionId).ConfigureAwait(false) is { } row ? Show(row) : null;

    public async ValueTask<IReadOnlyList<RunDecision>> OfRunAsync(IQuery query, string runId) =>
        [.. (await DecisionsTable.OfRunAsync(query, runId).ConfigureAwait(false)).Select(Show)];

    private static RunDecision Show(DecisionRow row) => new(
        row.DecisionId, row.RunId, row.StepId, row.Capability, row.Model, row.Provider, row.Tier, row.Reason, row.EstimatedCostMicros, row.EstimatedLatencySeconds,
        row.PremiumCostMicros, Instant.From(row.AtMs));
}
