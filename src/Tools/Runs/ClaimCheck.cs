using Pipeline.Storage.State;
using Pipeline.Tools.Calls;

namespace Pipeline.Tools.Runs;

/// <summary>Lets a write through only while its claim is the step's current one and the caller's.</summary>
internal sealed class ClaimCheck : IClaimCheck
{
    public async ValueTask CheckAsync(IQuery query, StepClaim claim, Caller caller)
    {
        await RunsTable.RequireAsync(query, caller, claim.RunId).ConfigureAwait(false);
        var step = await StepsTable.FindAsync(query, claim.RunId, claim.StepId).ConfigureAwait(false) ?? throw new UnknownStepError(claim.RunId, claim.StepId);
        var isCurrent = step.State == "claimed" && step.Generation == claim.Generation && WorkerName.Read(step.Worker!).Principal == caller.Principal;
        if (!isCurrent) throw new SupersededError(step.Snapshot(), claim.Generation);
    }
}
