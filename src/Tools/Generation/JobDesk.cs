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
        var priced = await commissioning.PriceAsync(order, cancellation).ConfigureAwait(false);
        return await call.Database.TransactAsync(order.Output.Workspace, async tx =>
        {
            var earlier = await KnownAsync(tx, intent).ConfigureAwait(false);
            if (earlier is not null && !IsMadeAnew(earlier, intent))
            {
                return earlier; // the same intent was a step ahead
            }

            await guard.CheckAsync(tx, order.Output).ConfigureAwait(false);
            return await InsertAsync(tx, order, priced, intent, earlier is null ? 0 : earlier.Take + 1).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
    }

    // The same wish of another worker: the result is written on the newer one's terms, if those hold.
    private async Task<JobRow> RepeatAsync(JobOrder order, JobRow known, CancellationToken cancellation)
    {
        var terms = Wire.Write(JobWriter.Of(call));
        if (JobState.IsOver(known.State) || known.Terms == terms)
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
            var taken = held with { Terms = terms };
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

    private async ValueTask<JobRow?> KnownAsync(IQuery query, Intent intent)
    {
        var known = await JobsTable.OfIntentAsync(query, intent.Name).ConfigureAwait(false);
        return known is null || known.BodyHash == intent.BodyHash ? known
            : throw new IdempotencyMismatchError(call.Caller.Sees(known.Workspace) ? intent.Told : call.Key ?? intent.Told);
    }

    private static bool IsMadeAnew(JobRow known, Intent intent) =>
        !intent.IsNamed && known.State is JobState.Failed or JobState.Cancelled or JobState.Lost && known.Billing != JobBilling.Unknown;

    private async ValueTask<JobRow> InsertAsync(ITransaction tx, JobOrder order, PricedOrder priced, Intent intent, long take)
    {
        var card = priced.Card;
        var jobId = ids.New("job");
        var spending = new Spending(order.Output.Workspace, order.RunId, order.StepId, call.Caller.Principal, call.Agent, card.Provider, card.Id, jobId);
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
            Terms = Wire.Write(JobWriter.Of(call)),
            Provider = card.Provider,
            Model = card.Id,
            Capability = priced.Capability,
            Tier = Wire.Name(card.Tier),
            Card = Wire.Write(card),
            Prompt = order.Prompt,
            Parameters = order.Parameters.ToJsonString(Wire.Json),
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
