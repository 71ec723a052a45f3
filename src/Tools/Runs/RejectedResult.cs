using Pipeline.Storage.State;
using Pipeline.Tools.Costs;

namespace Pipeline.Tools.Runs;

/// <summary>Turns what a rejected result cost, repairs included, from accepted into waste. The ledger only grows: one line takes back, one says why.</summary>
internal static class RejectedResult
{
    public static async ValueTask WriteOffAsync(ITransaction tx, RunRow row, RunSnapshot run, StepSnapshot step)
    {
        await AttemptsTable.RejectAsync(tx, row.RunId, step.StepId, step.Generation).ConfigureAwait(false);
        var charges = await CostsTable.ListAsync(tx, row.Workspace, row.RunId).ConfigureAwait(false);
        var accepted = charges.Where(charge => charge.Waste is null && charge.StepId is { } id && (id == step.StepId || run.Steps.GetValueOrDefault(id)?.SourceId == step.StepId));
        foreach (var group in accepted.GroupBy(charge => charge with { CostMicros = 0, PremiumMicros = null, AtMs = 0 }))
        {
            var (cost, premium) = (group.Sum(charge => charge.CostMicros), group.Sum(charge => charge.PremiumMicros));
            if (cost == 0)
            {
                continue;
            }

            await CostsTable.AddAsync(tx, group.Key with { CostMicros = -cost, PremiumMicros = -premium }).ConfigureAwait(false);
            await CostsTable.AddAsync(tx, group.Key with { CostMicros = cost, Waste = AttemptOutcome.Rejected }).ConfigureAwait(false);
        }
    }
}
