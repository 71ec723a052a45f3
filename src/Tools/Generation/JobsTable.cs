using Pipeline.Storage.State;
using Pipeline.Tools.Routing;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Generation;

/// <summary>Paid calls: a row before the call, claimed with a lease and a fencing number, kept with result and bill.</summary>
public static class JobsTable
{
    /// <summary>The channel that is signalled when there may be something to do.</summary>
    public const string Channel = "jobs";

    public static readonly Table Schema = new("jobs",
        """
        create table jobs (
            job_id text primary key, intent text not null, take bigint not null, body_hash text not null, send_key text not null, workspace text not null, path text not null,
            run_id text, step_id text, principal text not null, agent text not null, terms text not null, provider text not null, model text not null,
            capability text not null, tier text not null, card text not null, prompt text not null, parameters text not null, refs text not null, state text not null,
            generation bigint not null, sent_generation bigint not null, held bigint not null, due_at_ms bigint, sends bigint not null, tries bigint not null,
            give_up_at_ms bigint not null, vendor_job_id text, hooked_job_id text, handles text not null, results text not null, rate_per_minute bigint, rate_concurrent bigint,
            bound_micros bigint not null, premium_micros bigint, price_version text, reservation_id text, billing text not null, cost_micros bigint, code text, message text,
            cancel_asked bigint not null, cancel_answer text, sha256 text, size_bytes bigint, media_type text, asset text,
            created_at_ms bigint not null, sent_at_ms bigint, ended_at_ms bigint, unique (intent, take));
        create index jobs_due on jobs(due_at_ms) where due_at_ms is not null;
        create index jobs_planned on jobs(provider, model, due_at_ms) where state='planned';
        create index jobs_with_vendor on jobs(provider, model) where state in ('submitting', 'accepted', 'cancelling');
        create unique index jobs_by_vendor_job on jobs(provider, vendor_job_id) where vendor_job_id is not null;
        create index jobs_by_run on jobs(run_id, step_id) where run_id is not null;
        create index jobs_by_agent on jobs(principal, agent) where ended_at_ms is null;
        create index jobs_by_workspace on jobs(workspace, created_at_ms);
        """,
        """
        alter table jobs add column shadow bigint not null default 0;
        create index jobs_by_end on jobs(ended_at_ms) where ended_at_ms is not null;
        """)
    {
        Objects = [new("jobs", "sha256", "state='orphaned' or state='failed'")],
    };

    private const string Columns =
        """
        job_id, intent, take, body_hash, send_key, workspace, path, run_id, step_id, principal, agent, terms, provider, model, capability, tier, card, prompt, parameters, refs,
        state, generation, sent_generation, held, due_at_ms, sends, tries, give_up_at_ms, vendor_job_id, hooked_job_id, handles, results, rate_per_minute, rate_concurrent,
        bound_micros, premium_micros, price_version, reservation_id, billing, cost_micros, code, message, cancel_asked, cancel_answer, sha256, size_bytes, media_type, asset,
        created_at_ms, sent_at_ms, ended_at_ms, shadow
        """;

    /// <summary>The channel of one job, for whoever waits for its end.</summary>
    public static string ChannelOf(string jobId) => "jobs:" + jobId;

    /// <summary>Writes a new job; 0 when its intent has one of that take already.</summary>
    public static async ValueTask<int> InsertAsync(ITransaction tx, JobRow row)
    {
        tx.Notify(Channel);
        return await tx.ExecuteAsync(
            $"""
            insert into jobs({Columns}) values(
                @JobId, @Intent, @Take, @BodyHash, @SendKey, @Workspace, @Path, @RunId, @StepId, @Principal, @Agent, @Terms, @Provider, @Model, @Capability, @Tier, @Card, @Prompt,
                @Parameters, @Refs, @State, @Generation, @SentGeneration, @Held, @DueAtMs, @Sends, @Tries, @GiveUpAtMs, @VendorJobId, @HookedJobId, @Handles, @Results,
                @RatePerMinute, @RateConcurrent, @BoundMicros, @PremiumMicros, @PriceVersion, @ReservationId, @Billing, @CostMicros, @Code, @Message, @CancelAsked, @CancelAnswer,
                @Sha256, @SizeBytes, @MediaType, @Asset, @CreatedAtMs, @SentAtMs, @EndedAtMs, @Shadow)
            on conflict(intent, take) do nothing
            """,
            row).ConfigureAwait(false);
    }

    public static ValueTask<JobRow?> FindAsync(IQuery query, string jobId) => query.FirstAsync<JobRow>($"select {Columns} from jobs where job_id=@jobId", new { jobId });

    /// <summary>The newest job of an intent.</summary>
    public static ValueTask<JobRow?> OfIntentAsync(IQuery query, string intent) =>
        query.FirstAsync<JobRow>($"select {Columns} from jobs where intent=@intent order by take desc limit 1", new { intent });

    /// <summary>The job that a vendor names so.</summary>
    public static ValueTask<JobRow?> OfVendorAsync(IQuery query, string provider, string vendorJobId) => query.FirstAsync<JobRow>(
        $"select {Columns} from jobs where provider=@provider and vendor_job_id=@vendorJobId", new { provider, vendorJobId });

    /// <summary>An agent's jobs that are not over, ambiguous ones among them; of everyone in the workspaces when no agent is named.</summary>
    public static ValueTask<IReadOnlyList<JobRow>> OpenAsync(IQuery query, string? principal, string? agent, int limit) => query.QueryAsync<JobRow>(
        $"""
        select {Columns} from jobs where (ended_at_ms is null or billing='unknown')
            and {(principal is null ? "(state='ambiguous' or billing='unknown')" : "principal=@principal and agent=@agent")} order by created_at_ms, job_id limit @limit
        """,
        new { principal, agent, limit });

    /// <summary>Jobs of a workspace, newest first, from before <paramref name="before"/>.</summary>
    public static ValueTask<IReadOnlyList<JobRow>> PageAsync(IQuery query, string workspace, string? state, string? runId, long before, string beforeId, int limit) => query.QueryAsync<JobRow>(
        $"""
        select {Columns} from jobs where workspace=@workspace{(state is null ? "" : " and state=@state")}{(runId is null ? "" : " and run_id=@runId")}
            and (created_at_ms<@before or (created_at_ms=@before and job_id>@beforeId)) order by created_at_ms desc, job_id limit @limit
        """,
        new { workspace, state, runId, before, beforeId, limit });

    /// <summary>Takes the row for the rest of the transaction if the claim still holds; null when it has passed on.</summary>
    public static ValueTask<JobRow?> HoldAsync(ITransaction tx, string jobId, long generation) => tx.FirstAsync<JobRow>(
        $"update jobs set generation=generation where job_id=@jobId and generation=@generation returning {Columns}", new { jobId, generation });

    /// <summary>Writes what changed; the row was held in the same transaction. A row that is let go gets a new fencing number.</summary>
    public static async ValueTask SaveAsync(ITransaction tx, JobRow row)
    {
        await tx.ExecuteAsync(
            """
            update jobs set state=@State, generation=@Generation, held=@Held, due_at_ms=@DueAtMs, tries=@Tries, vendor_job_id=@VendorJobId, hooked_job_id=@HookedJobId,
                handles=@Handles, results=@Results, billing=@Billing, cost_micros=@CostMicros, code=@Code, message=@Message, cancel_asked=@CancelAsked, cancel_answer=@CancelAnswer,
                sha256=@Sha256, size_bytes=@SizeBytes, media_type=@MediaType, asset=@Asset, sent_at_ms=@SentAtMs, ended_at_ms=@EndedAtMs, terms=@Terms
            where job_id=@JobId
            """,
            row).ConfigureAwait(false);
        tx.Notify(Channel);
        tx.Notify(ChannelOf(row.JobId));
    }

    // What is picked stands in a table expression: an engine may look into a bare subquery several times, and then its limit holds each time.

    /// <summary>Claims jobs that wait for anything but their turn to be sent.</summary>
    public static ValueTask<IReadOnlyList<JobRow>> ClaimDueAsync(ITransaction tx, Dialect dialect, long leaseMs, int limit) => tx.QueryAsync<JobRow>(
        $"""
        with picked as (
            select job_id from jobs where due_at_ms<=@NowMs and (state<>'planned' or cancel_asked=1) order by due_at_ms limit @limit {dialect.SkipLocked})
        update jobs set generation=generation+1, held=1, due_at_ms=@NowMs+@leaseMs where due_at_ms<=@NowMs and job_id in (select job_id from picked)
        returning {Columns}
        """,
        new { leaseMs, limit, tx.NowMs });

    /// <summary>Claims the oldest jobs of a model to be sent now: this row is the proof, before the call, that it may have been made.</summary>
    public static ValueTask<IReadOnlyList<JobRow>> ClaimPlannedAsync(ITransaction tx, Dialect dialect, string provider, string model, long leaseMs, int limit) => tx.QueryAsync<JobRow>(
        $"""
        with picked as (
            select job_id from jobs where provider=@provider and model=@model and state='planned' and cancel_asked=0 and due_at_ms<=@NowMs
            order by due_at_ms, created_at_ms limit @limit {dialect.SkipLocked})
        update jobs set state='submitting', generation=generation+1, sent_generation=generation+1, sends=sends+1, sent_at_ms=@NowMs, held=1, due_at_ms=@NowMs+@leaseMs
        where state='planned' and cancel_asked=0 and due_at_ms<=@NowMs and job_id in (select job_id from picked)
        returning {Columns}
        """,
        new { provider, model, leaseMs, limit, tx.NowMs });

    /// <summary>
    /// Claims jobs whose model rests for longer than they may wait, so that they can be had elsewhere, and those that have waited for a free slot for as
    /// long as they were to. Without patience they wait for a slot: it was no refusal.
    /// </summary>
    public static ValueTask<IReadOnlyList<JobRow>> ClaimImpatientAsync(ITransaction tx, Dialect dialect, long leaseMs, int limit) => tx.QueryAsync<JobRow>(
        $"""
        with picked as (
            select job_id from jobs where state='planned' and cancel_asked=0 and due_at_ms<=@NowMs and give_up_at_ms<=@NowMs
                and (give_up_at_ms>created_at_ms or {BreakersTable.Resting("jobs")})
            order by due_at_ms limit @limit {dialect.SkipLocked})
        update jobs set generation=generation+1, held=1, due_at_ms=@NowMs+@leaseMs where state='planned' and due_at_ms<=@NowMs and job_id in (select job_id from picked)
        returning {Columns}
        """,
        new { leaseMs, limit, tx.NowMs });

    /// <summary>Models that have jobs to be sent now, the longest waiting first, and how many of theirs are with the vendor.</summary>
    public static ValueTask<IReadOnlyList<ModelQueue>> QueuesAsync(IQuery query) => query.QueryAsync<ModelQueue>(
        """
        select p.provider, p.model, min(p.rate_per_minute) as rate_per_minute, min(p.rate_concurrent) as rate_concurrent,
            (select count(*) from jobs v where v.provider=p.provider and v.model=p.model and v.state in ('submitting', 'accepted', 'cancelling')) as with_vendor
        from jobs p where p.state='planned' and p.cancel_asked=0 and p.due_at_ms<=@NowMs group by p.provider, p.model order by min(p.due_at_ms)
        """,
        new { query.NowMs });

    /// <summary>A step's jobs that came to a result that was written.</summary>
    public static ValueTask<IReadOnlyList<JobRow>> PaidAsync(IQuery query, string runId, string stepId) => query.QueryAsync<JobRow>(
        $"select {Columns} from jobs where run_id=@runId and step_id=@stepId and state='done'", new { runId, stepId });

    /// <summary>Whether a step has a shadow already.</summary>
    public static async ValueTask<bool> HasShadowAsync(IQuery query, string runId, string stepId) =>
        await query.FirstAsync<long>("select count(*) from jobs where run_id=@runId and step_id=@stepId and shadow=1", new { runId, stepId }).ConfigureAwait(false) > 0;

    /// <summary>
    /// Forgets jobs that ended before a time and whose run, if they have one, is over too: not those whose bill nobody knows, nor those that alone keep the bytes
    /// of what was paid for. The ledger and the reservations stay.
    /// </summary>
    /// <returns>How many, at most <paramref name="limit"/>.</returns>
    public static ValueTask<int> ForgetAsync(ITransaction tx, long beforeMs, int limit) => tx.ExecuteAsync(
        $"""
        delete from jobs where job_id in (
            select job_id from jobs where ended_at_ms<@beforeMs and held=0 and state<>'ambiguous' and billing in ('billed', 'unbilled') and (sha256 is null or asset is not null)
                and not {RunsTable.IsUnderWay("jobs")} order by ended_at_ms limit @limit)
        """,
        new { beforeMs, limit });

    /// <summary>Calls of models that are with a vendor and belong to no step.</summary>
    public static ValueTask<IReadOnlyList<CallsUnderWay>> UnderWayAsync(IQuery query, IReadOnlyCollection<string> models) => query.QueryAsync<CallsUnderWay>(
        """
        select model, capability, count(*) as calls from jobs where run_id is null and state in ('submitting', 'accepted', 'cancelling') and model in @models
        group by model, capability
        """,
        new { models });

    /// <summary>When the next job is due; null when none waits for time alone.</summary>
    public static ValueTask<long?> NextDueAsync(IQuery query) => query.FirstAsync<long?>("select min(due_at_ms) from jobs where due_at_ms is not null");

    /// <summary>Holds a claim for longer; whether its job is to be cancelled, or null when the claim has passed on.</summary>
    public static ValueTask<long?> RenewAsync(ITransaction tx, string jobId, long generation, long leaseMs) => tx.FirstAsync<long?>(
        "update jobs set due_at_ms=@NowMs+@leaseMs where job_id=@jobId and generation=@generation and held=1 returning cancel_asked", new { jobId, generation, leaseMs, tx.NowMs });

    /// <summary>Makes every claim due: in a store with one owner, those that held them are gone with the process before.</summary>
    public static ValueTask<int> FreeClaimsAsync(ITransaction tx) => tx.ExecuteAsync("update jobs set due_at_ms=@NowMs where held=1 and due_at_ms>@NowMs", new { tx.NowMs });

    /// <summary>Asks for the end of a run's jobs, or of one step's, or of those for one path; how many were asked.</summary>
    public static async ValueTask<int> CancelAsync(ITransaction tx, string runId, string? stepId, string? path = null, string? exceptJobId = null)
    {
        tx.Notify(Channel);
        return await tx.ExecuteAsync(
            $"""
            update jobs set cancel_asked=1, due_at_ms=case when held=1 or due_at_ms is null then due_at_ms else @NowMs end
            where run_id=@runId{(stepId is null ? "" : " and step_id=@stepId")}{(path is null ? "" : " and path=@path")} and job_id<>@ExceptJobId and ended_at_ms is null and cancel_asked=0
            """,
            new { runId, stepId, path, ExceptJobId = exceptJobId ?? "", tx.NowMs }).ConfigureAwait(false);
    }

    /// <summary>Wakes a job's poller.</summary>
    public static async ValueTask WakeAsync(ITransaction tx, string jobId)
    {
        tx.Notify(Channel);
        await tx.ExecuteAsync("update jobs set due_at_ms=@NowMs where job_id=@jobId and held=0 and due_at_ms is not null", new { jobId, tx.NowMs }).ConfigureAwait(false);
    }
}

/// <summary>Jobs of one model that wait to be sent.</summary>
public sealed record ModelQueue
{
    public string Provider { get; init; } = "";
    public string Model { get; init; } = "";
    public long? RatePerMinute { get; init; }
    public long? RateConcurrent { get; init; }

    /// <summary>How many of its jobs the vendor has.</summary>
    public long WithVendor { get; init; }
}
