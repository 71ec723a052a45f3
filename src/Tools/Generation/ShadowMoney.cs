using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Routing;

namespace Pipeline.Tools.Generation;

/// <summary>
/// Tells whether an order is the shadow that the step's newest decision asked for: it is paid from the shadow's own budget, from which the decision took what it
/// estimated, and never from its run's. Once for a step; what it may cost beyond the estimate is taken from the same budget.
/// </summary>
internal static class ShadowMoney
{
    /// <exception cref="ShadowBudgetError">The shadow's budget has not enough left for what is asked.</exception>
    public static async ValueTask<bool> IsPaidAsync(ITransaction tx, string runId, string stepId, string model, long boundMicros)
    {
        var newest = await DecisionsTable.NewestOfStepAsync(tx, runId, stepId).ConfigureAwait(false);
        if (newest is null || newest.ShadowModel != model || await JobsTable.HasShadowAsync(tx, runId, stepId).ConfigureAwait(false))
        {
            return false;
        }

        var estimated = Wire.Read<Decision>(newest.Document).Shadow?.EstimatedCostMicros ?? 0;
        return boundMicros <= estimated || await TrafficTable.SpendAsync(tx, newest.Capability, boundMicros - estimated).ConfigureAwait(false)
            ? true : throw new ShadowBudgetError(newest.Capability, boundMicros, estimated);
    }

    /// <summary>What budgets see of an order: of a shadow, all but its run.</summary>
    public static Spending Of(Spending spending, bool isShadow) => isShadow ? spending with { RunId = null, StepId = null, Generation = null } : spending;
}
