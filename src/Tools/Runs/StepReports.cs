using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Costs;

namespace Pipeline.Tools.Runs;

/// <summary>Takes what workers report of the steps they claimed. A claim that passed to another changes nothing but the ledger.</summary>
internal sealed class StepReports(Call call, RunBook book, IDecisionBook decisions, Purse purse)
{
    /// <summary>Takes one report, in one transaction with its charge.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="stepId">The step.</param>
    /// <param name="generation">The claim.</param>
    /// <param name="means">Model and cost in all; what goes beyond the step's calls through the server is charged, as waste when the result is not taken.</param>
    /// <param name="report">The event, given the model of this claim when the worker named none.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="SupersededError">The claim is not the step's current one, or another's.</exception>
    /// <exception cref="AlreadyChargedError">Less was reported than the step's calls through the server cost.</exception>
    public async Task<StepStanding> TakeAsync(
        string runId, string stepId, long generation, StepMeans means, Func<string?, RunEvent> report, CancellationToken cancellation)
    {
        Limits.Micros(means.CostMicros, "cost_micros");
        var row = await call.Database.ReadAsync(query => RunsTable.RequireAsync(query, call.Caller, runId), cancellation).ConfigureAwait(false);
        try
        {
            return await call.CommitAsync(row.Workspace, null, tx => TakeAsync(tx, runId, stepId, generation, means, report), cancellation,
                standing => new { standing.RunId, standing.StepId, generation, standing.State }).ConfigureAwait(false);
        }
        catch (SupersededError)
        {
            // The money is gone all the same. Should the server end right here, the worker got no answer and says it again.
            await WasteAsync(row, stepId, generation, means).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<StepStanding> TakeAsync(ITransaction tx, string runId, string stepId, long generation, StepMeans means, Func<string?, RunEvent> report)
    {
        var row = (await RunsTable.FindAsync(tx, runId).ConfigureAwait(false))!;
        var before = await book.LoadAsync(tx, row).ConfigureAwait(false);
        if (!before.Steps.TryGetValue(stepId, out var step)) throw new UnknownStepError(runId, stepId);
        var attempt = await AttemptsTable.FindAsync(tx, runId, stepId, generation).ConfigureAwait(false);
        if (attempt is null || !IsMine(attempt)) throw new SupersededError(step, generation);
        var decision = means.DecisionId is null ? null : await DecisionAsync(tx, row, means.DecisionId).ConfigureAwait(false);
        var wasTaken = StepMachine.WasTaken(step, generation);
        var after = await book.AdvanceAsync(tx, row, report(means.Model ?? decision?.Model ?? attempt.Model)).ConfigureAwait(false);
        var now = after.Steps[stepId];
        // The same report again has been charged.
        if (!wasTaken && now.State != StepState.Claimed)
        {
            var cost = await BeyondCallsAsync(tx, attempt, means.CostMicros, refuses: true).ConfigureAwait(false);
            await ChargeAsync(tx, row, attempt, means, cost, Waste(now, report)).ConfigureAwait(false);
        }

        return StepStanding.From(after, now);

        string? Waste(StepSnapshot taken, Func<string?, RunEvent> reported) => reported(null) switch
        {
            StepFailed failed => failed.Code,
            StepPassedOver => AttemptOutcome.Skipped,
            // What a repair starts from was not in vain.
            _ => taken.State == StepState.Succeeded || taken.Reason is Reasons.Repair or Reasons.Approval ? null : taken.ErrorCode ?? AttemptOutcome.BelowBar,
        };
    }

    private Task<bool> WasteAsync(RunRow row, string stepId, long generation, StepMeans means) => means.CostMicros is null or 0
        ? Task.FromResult(false)
        : call.Database.TransactAsync(row.Workspace, async tx =>
        {
            // A claim is charged once, however often its worker says it.
            if (await AttemptsTable.FindAsync(tx, row.RunId, stepId, generation).ConfigureAwait(false) is not { CostMicros: null } attempt || !IsMine(attempt)) return false;
            var known = means.DecisionId is not null && await decisions.FindAsync(tx, means.DecisionId).ConfigureAwait(false) is not null ? means : means with { DecisionId = null };
            var cost = await BeyondCallsAsync(tx, attempt, means.CostMicros, refuses: false).ConfigureAwait(false);
            await ChargeAsync(tx, row, attempt, known, cost, "superseded").ConfigureAwait(false);
            return true;
        }, CancellationToken.None);

    // A worker knows what its step cost in all; what the server bought for it stands in the ledger, or will. The same wish may have gone through several claims.
    private static async ValueTask<long?> BeyondCallsAsync(ITransaction tx, AttemptRow attempt, long? reported, bool refuses)
    {
        if (reported is not { } cost || cost == 0) return reported;
        var wish = await AttemptsTable.WishAsync(tx, attempt.RunId, attempt.StepId, attempt.Generation).ConfigureAwait(false);
        var calls = await ReservationsTable.OfStepAsync(tx, attempt.RunId, attempt.StepId, wish.AfterGeneration, wish.UpToGeneration).ConfigureAwait(false);
        if (refuses && cost < calls.SettledMicros) throw new AlreadyChargedError(attempt.StepId, cost, calls.SettledMicros);
        var beyond = cost - calls.SettledMicros - calls.HeldMicros;
        return beyond > 0 ? beyond : null;
    }

    private async ValueTask ChargeAsync(ITransaction tx, RunRow row, AttemptRow attempt, StepMeans means, long? costMicros, string? waste)
    {
        await AttemptsTable.ReportAsync(tx, row.RunId, attempt.StepId, attempt.Generation, means.Model, means.DecisionId, means.CostMicros).ConfigureAwait(false);
        if (costMicros is not { } cost) return;
        var decision = (means.DecisionId ?? attempt.DecisionId) is { } id ? await decisions.FindAsync(tx, id).ConfigureAwait(false) : null;
        await CostsTable.AddAsync(tx, new()
        {
            Workspace = row.Workspace,
            RunId = row.RunId,
            StepId = attempt.StepId,
            Capability = attempt.Capability,
            Model = means.Model ?? decision?.Model ?? attempt.Model,
            Provider = decision?.Provider,
            Tier = decision?.Tier,
            Request = means.DecisionId ?? attempt.DecisionId,
            CostMicros = cost,
            PremiumMicros = decision?.PremiumCostMicros,
            Waste = waste,
        }).ConfigureAwait(false);
        var request = means.DecisionId ?? attempt.DecisionId ?? $"{attempt.StepId}#{attempt.Generation}";
        await purse.SpendAsync(tx, new(
            row.Workspace, row.RunId, attempt.StepId, attempt.Principal, attempt.Agent, decision?.Provider ?? "", means.Model ?? decision?.Model ?? attempt.Model ?? "", request), cost).ConfigureAwait(false);
    }

    private async ValueTask<RunDecision> DecisionAsync(ITransaction tx, RunRow row, string decisionId)
    {
        var decision = await decisions.FindAsync(tx, decisionId).ConfigureAwait(false);
        return decision is not null && decision.RunId == row.RunId ? decision : throw new NotFoundError("decision", decisionId, "route_step makes one.");
    }

    private bool IsMine(AttemptRow attempt) => attempt.Principal == call.Caller.Principal && attempt.Agent == call.Agent;
}
