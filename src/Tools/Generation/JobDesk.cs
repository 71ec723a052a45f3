using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Audit;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Idempotency;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Generation;

/// <summary>Takes orders: finds the job that an intent has, or makes it, with its reservation, in one transaction.</summary>
internal sealed class JobDesk(Call call, Commissioning commissioning, WriteGuard guard, Purse purse, GenerationOptions options, Ids ids)
{
    /// <summary>The job of the order's intent, whoever made it.</summary>
    public async Task<JobRow> TakeAsync(JobOrder order, CancellationToken cancellation)
    {
        var intent = await IntentAsync(order, cancellation).ConfigureAwait(false);
        var known = await call.Database.ReadAsync(query => KnownAsync(query, intent), cancellation).ConfigureAwait(false);
        if (known is not null && !IsMadeAnew(known, intent))
        {
            return await RepeatAsync(order, known, cancellation).ConfigureAwait(false);
        }

        await guard.CheckEarlyAsync(order.Output, cancellation).ConfigureAwait(false);
        await call.Database.ReadAsync(async query =>
        {
            await RequireAtItAsync(query, order).ConfigureAwait(false);
            return true;
        }, cancellation).ConfigureAwait(false);
        var priced = await commissioning.PriceAsync(order, cancellation).ConfigureAwait(false);
        return await call.Database.TransactAsync(order.Output.Workspace, async tx =>
        {
            var earlier = await KnownAsync(tx, intent).ConfigureAwait(false);
            if (earlier is not null && !IsMadeAnew(earlier, intent))
            {
                return earlier; // the same intent was a step ahead
            }

            await guard.CheckAsync(tx, order.Output).ConfigureAwait(false);
            var step = await RequireAtItAsync(tx, order).ConfigureAwait(false);
            return await InsertAsync(tx, order, priced, intent, WriterOf(step), earlier is null ? 0 : earlier.Take + 1).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
    }

    // The same wish of another worker: the result is written on the newer one's terms, if those hold.
    private async Task<JobRow> RepeatAsync(JobOrder order, JobRow known, CancellationToken cancellation)
    {
        if (JobState.IsOver(known.State) || known.Terms == Wire.Write(JobWriter.Of(call)))
        {
            return known;
        }

        return await call.Database.TransactAsync(order.Output.Workspace, async tx =>
        {
            var job = (await JobsTable.FindAsync(tx, known.JobId).ConfigureAwait(false))!;
            if (JobState.IsOver(job.State) || await JobsTable.HoldAsync(tx, job.JobId, job.Generation).ConfigureAwait(false) is not { } held)
            {
                return job;
            }

            await guard.CheckAsync(tx, order.Output).ConfigureAwait(false);
            var step = await AtItAsync(tx, order).ConfigureAwait(false);
            if (step is null && order.RunId is not null)
            {
                return held; // only looked at: on whose terms it is written is the worker's to say
            }

            var taken = held with { Terms = Wire.Write(WriterOf(step)) };
            await JobsTable.SaveAsync(tx, taken).ConfigureAwait(false);
            return taken;
        }, cancellation).ConfigureAwait(false);
    }

    private async Task<Intent> IntentAsync(JobOrder order, CancellationToken cancellation)
    {
        var spent = 0L;
        if (order is { RunId: { } runId, StepId: { } stepId })
        {
            spent = await call.Database.ReadAsync(async query =>
            {
                await RunsTable.RequireAsync(query, call.Caller, runId).ConfigureAwait(false);
                return await StepsTable.FindAsync(query, runId, stepId).ConfigureAwait(false) is null ? throw new UnknownStepError(runId, stepId)
                    : await AttemptsTable.CountSpentAsync(query, runId, stepId).ConfigureAwait(false);
            }, cancellation).ConfigureAwait(false);
        }

        return Intent.Of(call.Caller.Principal, call.Key, order.RunId, order.StepId, spent, order.Output.Current, order.Body());
    }

    // A step spends while its worker is at it, not before its leave and not after its end, and into its run's workspace, whose report then holds all of it.
    private async ValueTask<StepRow?> RequireAtItAsync(IQuery query, JobOrder order)
    {
        if (order is not { RunId: { } runId, StepId: { } stepId })
        {
            return null;
        }

        var run = await RunsTable.RequireAsync(query, call.Caller, runId).ConfigureAwait(false);
        if (run.Workspace != order.Output.Workspace)
        {
            throw new InvalidArgumentError("output", $"What is bought for run '{runId}' lies in its workspace '{run.Workspace}', not in '{order.Output.Workspace}'.");
        }

        if (await AtItAsync(query, order).ConfigureAwait(false) is not { } mine)
        {
            var step = await StepsTable.FindAsync(query, runId, stepId).ConfigureAwait(false) ?? throw new UnknownStepError(runId, stepId);
            throw new InvalidStateError($"You have not claimed step '{stepId}': it is {StepMachine.Say(step.Snapshot())}. Only its worker buys for it.", StepMachine.Say(step.Snapshot()));
        }

        // Whoever gives the leave and then claims the step would have asked itself.
        var leave = await ApprovalsTable.NewestAsync(query, runId, stepId, null, null).ConfigureAwait(false);
        if (leave?.Verdict == ApprovalRow.Approve && leave.Principal == call.Caller.Principal && call.Caller.Role != Role.Admin)
        {
            throw new ForbiddenError("approval by another principal than the one that spends", call.Caller.Principal);
        }

        return mine;
    }

    // The order's step, while the caller has it.
    private async ValueTask<StepRow?> AtItAsync(IQuery query, JobOrder order) =>
        order is { RunId: { } runId, StepId: { } stepId } && await StepsTable.FindAsync(query, runId, stepId).ConfigureAwait(false) is { Worker: { } worker } step
        && WorkerName.Read(worker).Principal == call.Caller.Principal ? step : null;

    // A step that is only named counts as claimed as it is now: what comes after its end, or for an attempt that was rejected, is kept beside and is waste.
    private JobWriter WriterOf(StepRow? step) => JobWriter.Of(call) is { Terms: { Claim: null } terms } writer && step is not null
        ? writer with { Terms = terms with { Claim = new(step.RunId, step.StepId, step.Generation) } } : JobWriter.Of(call);

    private async ValueTask<JobRow?> KnownAsync(IQuery query, Intent intent)
    {
        var known = await JobsTable.OfIntentAsync(query, intent.Name).ConfigureAwait(false);
        return known is null || known.BodyHash == intent.BodyHash ? known
            : throw new IdempotencyMismatchError(call.Caller.Sees(known.Workspace) ? intent.Told : call.Key ?? intent.Told);
    }

    private static bool IsMadeAnew(JobRow known, Intent intent) =>
        !intent.IsNamed && known.State is JobState.Failed or JobState.Cancelled or JobState.Lost && known.Billing != JobBilling.Unknown;

    private async ValueTask<JobRow> InsertAsync(ITransaction tx, JobOrder order, PricedOrder priced, Intent intent, JobWriter writer, long take)
    {
        var card = priced.Card;
        var jobId = ids.New("job");
        var isShadow = order is { RunId: { } ofRun, StepId: { } ofStep } && await ShadowMoney.IsPaidAsync(tx, ofRun, ofStep, card.Id, priced.BoundMicros).ConfigureAwait(false);
        var spending = ShadowMoney.Of(
            new(order.Output.Workspace, order.RunId, order.StepId, call.Caller.Principal, call.Agent, card.Provider, card.Id, jobId, writer.Terms.Claim?.Generation), isShadow);
        var row = new JobRow
        {
            JobId = jobId,
            Intent = intent.Name,
            Take = take,
            BodyHash = intent.BodyHash,
            SendKey = intent.SendKey(take),
            Workspace = order.Output.Workspace,
            Path = order.Output.Path,
            RunId = order.RunId,
            StepId = order.StepId,
            Principal = call.Caller.Principal,
            Agent = call.Agent,
            Terms = Wire.Write(writer),
            Provider = card.Provider,
            Model = card.Id,
            Capability = priced.Capability,
            Tier = Wire.Name(card.Tier),
            Card = Wire.Write(card),
            Prompt = order.Prompt,
            Parameters = priced.Parameters.ToJsonString(Wire.Json),
            Refs = Wire.Write(priced.References),
            DueAtMs = tx.NowMs,
            GiveUpAtMs = tx.NowMs + (long)(order.Patience ?? options.Patience).TotalMilliseconds,
            RatePerMinute = card.Rate.RequestsPerMinute,
            RateConcurrent = card.Rate.Concurrent,
            BoundMicros = priced.BoundMicros,
            PremiumMicros = priced.PremiumMicros,
            PriceVersion = Commissioning.PriceVersion(card),
            ReservationId = await purse.ReserveAsync(tx, spending, priced.BoundMicros).ConfigureAwait(false),
            CreatedAtMs = tx.NowMs,
            Shadow = isShadow ? 1 : 0,
        };
        if (await JobsTable.InsertAsync(tx, row).ConfigureAwait(false) == 0)
        {
            throw new IdempotencyMismatchError(intent.Told); // the same key in another workspace, at this very moment
        }

        // What an attempt before this one still wants for the same step is wanted no more.
        if (order is { RunId: { } runId, StepId: { } stepId })
        {
            await JobsTable.CancelAsync(tx, runId, stepId, order.Output.Path, row.JobId).ConfigureAwait(false);
        }

        await AuditTable.AppendAsync(tx, new(row.Workspace, row.Principal, row.Agent, call.Tool, row.Output, "ok", Wire.Write(new { row.JobId, row.State, row.Model, row.BoundMicros }))).ConfigureAwait(false);
        return row;
    }
}
