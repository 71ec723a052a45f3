using Pipeline.Storage.State;
using Pipeline.Tools.Costs;

namespace Pipeline.Tools.Runs;

/// <summary>Turns what a rejected result cost, repairs included, from accepted into waste.</summary>
internal static class RejectedResult
{
    public static async ValueTask WriteOffAsync(ITransaction tx, RunRow row, RunSnapshot run, StepSnapshot step)
    {
        await AttemptsTable.RejectAsync(tx, row.RunId, step.StepId, step.Generation).ConfigureAwait(false);
        var charges = await CostsTable.ListAsync(tx, row.Workspace, row.RunId).ConfigureAwait(false);
        var accepted = charges.Where(charge => charge.Waste is null && charge.StepId is { } id && (id == step.StepId || run.Steps.GetValueOrDefault(id)?.SourceId == step.StepId));
        await CostsTable.WriteOffAsync(tx, accepted, AttemptOutcome.Rejected).ConfigureAwait(false);
    }
}
