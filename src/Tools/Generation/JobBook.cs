using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Events;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Models;
using Pipeline.Tools.Routing;

namespace Pipeline.Tools.Generation;

/// <summary>Writes down what happens to jobs: the row, the money, the model's health and the event, in one transaction.</summary>
public sealed class JobBook(IDatabase database, EventLog events, Purse purse, ProviderDirectory providers, Ids ids)
{
    private const long LateLeaseMs = 60_000;

    /// <summary>Tells an event of a claimed job.</summary>
    /// <returns>The job as it is now; null when the claim had passed on and nothing was changed.</returns>
    public Task<JobRow?> TellAsync(JobRow claimed, JobEvent happened, CancellationToken cancellation) => database.TransactAsync(
        claimed.Workspace,
        async tx => await HoldAsync(tx, claimed, happened).ConfigureAwait(false) is { } job ? await ApplyAsync(tx, job, happened).ConfigureAwait(false) : null,
        cancellation);

    /// <summary>
    /// The job for the rest of the transaction, if the claim still holds. An answer to the last call that was made counts even when it comes late: the
    /// job was given up as ambiguous meanwhile, and now it is known.
    /// </summary>
    public static async ValueTask<JobRow?> HoldAsync(ITransaction tx, JobRow claimed, JobEvent? happened)
    {
        if (await JobsTable.HoldAsync(tx, claimed.JobId, claimed.Generation).ConfigureAwait(false) is { } job)
        {
            return job;
        }

        return happened is JobSent
            && await JobsTable.FindAsync(tx, claimed.JobId).ConfigureAwait(false) is { State: JobState.Ambiguous } given && given.SentGeneration == claimed.SentGeneration
            && await JobsTable.HoldAsync(tx, given.JobId, given.Generation).ConfigureAwait(false) is { } late
                ? late with { Held = 1, DueAtMs = tx.NowMs + LateLeaseMs, Generation = late.Generation + 1 }
                : null;
    }

    /// <summary>Applies an event to a job that is held in this transaction.</summary>
    public async ValueTask<JobRow> ApplyAsync(ITransaction tx, JobRow job, JobEvent happened)
    {
        (job, happened) = await NamedOnceAsync(tx, job, happened).ConfigureAwait(false);
        var turn = JobMachine.Advance(job, happened, new(tx.NowMs, ids.Chance(), providers.Find(job.Provider)?.Repeatable == true));
        // Whoever still works on a job that was let go can change nothing more.
        var after = turn.Job.Held == 0 && !ReferenceEquals(turn.Job, job) ? turn.Job with { Generation = job.Generation + 1 } : turn.Job;
        await JobsTable.SaveAsync(tx, after).ConfigureAwait(false);
        await PayAsync(tx, after, turn).ConfigureAwait(false);
        await NoteHealthAsync(tx, job, after, turn).ConfigureAwait(false);
        if (after.State != job.State && (after.State is JobState.Accepted or JobState.Ambiguous || JobState.IsOver(after.State)))
        {
            await events.AppendAsync(tx, after.Workspace, "job." + after.State, after.JobId, new
            {
                after.JobId, asset = after.Asset ?? after.Output, after.RunId, after.StepId, after.Provider, after.Model, after.CostMicros, after.Billing, after.Code, after.Agent,
            }).ConfigureAwait(false);
        }

        return after;
    }

    // Two jobs under one name of the vendor's would be one purchase for two results: which of them it made nobody knows.
    private static async ValueTask<(JobRow Job, JobEvent Happened)> NamedOnceAsync(ITransaction tx, JobRow job, JobEvent happened)
    {
        if (happened is not (JobSent or JobSenderLost))
        {
            return (job, happened);
        }

        if (job.HookedJobId is { } hooked && await OtherAsync(hooked).ConfigureAwait(false) is not null)
        {
            job = job with { HookedJobId = null };
        }

        return happened is JobSent { Outcome: { Class: SubmissionClass.Accepted, VendorJobId: { } name } } && await OtherAsync(name).ConfigureAwait(false) is { } other
            ? (job, new JobSent(new(SubmissionClass.Ambiguous) { Code = "name_taken", Message = $"The vendor named it as it names {other.JobId}." })) : (job, happened);

        async ValueTask<JobRow?> OtherAsync(string vendorJobId) =>
            await JobsTable.OfVendorAsync(tx, job.Provider, vendorJobId).ConfigureAwait(false) is { } found && found.JobId != job.JobId ? found : null;
    }

    private async ValueTask PayAsync(ITransaction tx, JobRow job, JobTurn turn)
    {
        switch (turn.Money)
        {
            case JobMoney.Charge:
                await CostsTable.AddAsync(tx, ChargeOf(job, turn.Waste)).ConfigureAwait(false);
                if (job.ReservationId is { } settled) await purse.SettleAsync(tx, settled, job.CostMicros ?? job.BoundMicros).ConfigureAwait(false);
                break;
            case JobMoney.Release when job.ReservationId is { } released:
                await purse.ReleaseAsync(tx, released).ConfigureAwait(false);
                break;
            case JobMoney.Assume when job.ReservationId is { } assumed:
                await purse.SettleAtBoundAsync(tx, assumed).ConfigureAwait(false);
                break;
            default:
                break;
        }
    }

    private static Charge ChargeOf(JobRow job, string? waste) => new()
    {
        Workspace = job.Workspace,
        RunId = job.Shadow == 0 ? job.RunId : null,
        StepId = job.Shadow == 0 ? job.StepId : null,
        Capability = job.Capability,
        Model = job.Model,
        Provider = job.Provider,
        Tier = job.Tier,
        Request = job.JobId,
        CostMicros = job.CostMicros ?? job.BoundMicros,
        PremiumMicros = waste is null ? job.PremiumMicros : null,
        Waste = waste,
    };

    private static async ValueTask NoteHealthAsync(ITransaction tx, JobRow before, JobRow after, JobTurn turn)
    {
        if (before.State == JobState.Submitting && after.State is JobState.Accepted or JobState.Fetching or JobState.Cancelling)
        {
            await BreakersTable.TakenAsync(tx, after.Provider, after.Model).ConfigureAwait(false);
        }

        if (turn.Outcome is { } kind)
        {
            var latency = kind == OutcomeKind.Succeeded && after.SentAtMs is { } sent ? (tx.NowMs - sent) / 1000.0 : (double?)null;
            var isLocal = Wire.Read<ModelCard>(after.Card).Kind == ModelKind.Local;
            await OutcomesTable.AddAsync(tx, new(after.Provider, after.Model, kind, latency, turn.RetryAfterSeconds, after.Code) { IsLocal = isLocal }).ConfigureAwait(false);
        }
    }
}
