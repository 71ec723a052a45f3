using System.Text.Json.Nodes;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Routing;

namespace Pipeline.Tools.Generation;

/// <summary>
/// What follows from what happens to a job: a pure function, drawn in docs/state-machines.md. A job is sent again only when it provably
/// reached nobody, was refused unbilled, or costs nothing to repeat.
/// </summary>
public static class JobMachine
{
    private const int MostRepeats = 3;
    private const int MostUnknowns = 5;
    private const long DayMs = 24L * 60 * 60 * 1000;

    /// <summary>How long a job is asked after, and its result fetched, before a human must look.</summary>
    public const long PatienceMs = 3 * DayMs;

    /// <param name="job">As stored, held by whoever tells the event.</param>
    /// <param name="happened">The event.</param>
    /// <param name="at">Time, chance, and what may be repeated.</param>
    public static JobTurn Advance(JobRow job, JobEvent happened, JobMoment at) => happened switch
    {
        // A webhook has told that the vendor has it, and under which name: whatever was answered, it is not sent again.
        JobSent { Outcome.Class: not (SubmissionClass.Accepted or SubmissionClass.Done) } or JobSenderLost when job is { HookedJobId: { } hooked, State: JobState.Submitting or JobState.Ambiguous } =>
            new(Taken(job, hooked, [], at)),
        JobSent { Outcome: var outcome } when job.State is JobState.Submitting or JobState.Ambiguous => Sent(job, outcome, at),
        JobSenderLost when job.State == JobState.Submitting => at.Repeatable
            ? Again(job, at, "interrupted", "The server ended while it was made; it costs nothing to make again.", null)
            : Doubtful(job, "sender_lost", "The server ended between the call and its answer; the vendor may have billed it."),
        JobReported { Report: var report } when job.State is JobState.Accepted or JobState.Cancelling => Reported(job, report, at),
        JobNotFetched { Outcome: var outcome } when job.State == JobState.Fetching => NotFetched(job, outcome, at),
        JobBrought brought when job.State == JobState.Fetching => Brought(job, brought, at),
        JobStopped when job.State is JobState.Planned || (job.State == JobState.Submitting && at.Repeatable) =>
            new(Over(job, at, JobState.Cancelled, JobBilling.Unbilled, "cancelled", "Cancelled before anything was bought."), JobMoney.Release),
        JobWaitedTooLong when job.State is JobState.Planned =>
            new(Over(job, at, JobState.Failed, JobBilling.Unbilled, job.Code ?? "rate_limited", job.Message ?? "Its model rested after it refused others, or had no turn for it, for longer than this may wait; nothing was sent."), JobMoney.Release),
        JobCancelAnswered { Answer: var answer } when job.State is JobState.Accepted or JobState.Cancelling =>
            new(Wait(job with { State = JobState.Cancelling, CancelAnswer = answer == CancelAnswer.Unreachable ? null : Wire.Name(answer) }, at, PollMs(job, at))),
        JobResolved resolved when IsOpenToDoubt(job) => Resolved(job, resolved, at),
        _ => new(job),
    };

    /// <summary>Whether a human may still say what became of it.</summary>
    public static bool IsOpenToDoubt(JobRow job) => job.State == JobState.Ambiguous || job.Billing == JobBilling.Unknown;

    private static JobTurn Sent(JobRow job, Submission outcome, JobMoment at)
    {
        switch (outcome.Class)
        {
            case SubmissionClass.Accepted when outcome.VendorJobId is { Length: > 0 } id:
                return new(Taken(job, id, outcome.Handles, at));
            case SubmissionClass.Done when outcome.Results.Count > 0:
                return new(Made(job with { CostMicros = outcome.CostMicros ?? job.BoundMicros }, outcome.Results, at));
            case SubmissionClass.NotSent:
                return Again(job, at, outcome.Code ?? "unreachable", outcome.Message, outcome.RetryAfterSeconds, OutcomeKind.Unreachable);
            case SubmissionClass.Rejected when outcome.Retryable:
                return Again(job, at, outcome.Code ?? "rate_limited", outcome.Message, outcome.RetryAfterSeconds,
                    outcome.Code == "quota_exhausted" ? OutcomeKind.QuotaExhausted : OutcomeKind.RateLimited);
            case SubmissionClass.Rejected:
                return new(Over(job, at, JobState.Failed, JobBilling.Unbilled, outcome.Code ?? "rejected", outcome.Message), JobMoney.Release, null, OutcomeKind.Failed);
            default:
                return at.Repeatable ? Again(job, at, outcome.Code ?? "ambiguous", outcome.Message, outcome.RetryAfterSeconds, OutcomeKind.Failed)
                    : Doubtful(job, outcome.Code ?? "no_answer", outcome.Message);
        }
    }

    private static JobRow Taken(JobRow job, string vendorJobId, JsonObject handles, JobMoment at) => Wait(
        job with
        {
            State = job.CancelAsked != 0 ? JobState.Cancelling : JobState.Accepted,
            VendorJobId = vendorJobId,
            Handles = handles.ToJsonString(Wire.Json),
            Tries = 0,
            Billing = JobBilling.Reserved,
            Code = null,
            Message = null,
        },
        at, job.CancelAsked != 0 ? 0 : PollMs(job, at));

    // Still held: whoever learnt it goes on and brings it.
    private static JobRow Made(JobRow job, IReadOnlyList<ProviderResult> results, JobMoment at) => job with
    {
        State = JobState.Fetching,
        Results = Wire.Write(results),
        Tries = 0,
        Billing = JobBilling.Reserved,
        Code = null,
        Message = null,
        DueAtMs = job.Held == 1 ? job.DueAtMs : at.NowMs,
    };

    // What costs nothing to repeat is not worth a day of trying; what was refused waits as long as it may.
    private static JobTurn Again(JobRow job, JobMoment at, string code, string? message, double? retryAfterSeconds, OutcomeKind? outcome = null)
    {
        var rest = RestMs(job.Tries, at, retryAfterSeconds, 1_000, code == "quota_exhausted" ? DayMs / 24 : 120_000);
        var isVain = at.NowMs + rest > job.GiveUpAtMs || (code is "interrupted" or "ambiguous" or "timeout" && job.Sends >= MostRepeats);
        return isVain || job.CancelAsked != 0
            ? new(Over(job, at, job.CancelAsked != 0 ? JobState.Cancelled : JobState.Failed, JobBilling.Unbilled, code, message), JobMoney.Release, null, outcome, retryAfterSeconds)
            : new(Wait(job with { State = JobState.Planned, Tries = job.Tries + 1, Billing = JobBilling.Reserved, Code = code, Message = message }, at, rest), JobMoney.Leave, null, outcome, retryAfterSeconds);
    }

    private static JobTurn Doubtful(JobRow job, string code, string? message) => new(
        job with { State = JobState.Ambiguous, Held = 0, DueAtMs = null, Billing = JobBilling.Unknown, Code = code, Message = message }, JobMoney.Assume, null, OutcomeKind.Ambiguous);

    private static JobTurn Reported(JobRow job, JobReport report, JobMoment at)
    {
        switch (report.Standing)
        {
            case JobStanding.Succeeded when report.Results.Count > 0:
                return new(Made(job with { CostMicros = report.CostMicros ?? job.BoundMicros }, report.Results, at));
            case JobStanding.Succeeded:
                return Ended(job, at, JobState.Lost, report.CostMicros ?? job.BoundMicros, "no_result", report.Message ?? "The vendor finished it and named no result.", OutcomeKind.Failed);
            case JobStanding.Failed:
                return Ended(job, at, JobState.Failed, report.CostMicros, report.Code ?? "vendor_failed", report.Message, OutcomeKind.Failed);
            case JobStanding.Cancelled:
                return Ended(job, at, JobState.Cancelled, report.CostMicros, "cancelled", report.Message, null);
            case JobStanding.Expired:
                return Ended(job, at, JobState.Lost, report.CostMicros ?? job.BoundMicros, "result_expired", report.Message ?? "The vendor no longer has the result.", OutcomeKind.Failed);
            case JobStanding.Unknown when job.Tries + 1 >= MostUnknowns:
                return Ended(job, at, JobState.Lost, report.CostMicros, "vendor_lost_job", report.Message ?? "The vendor no longer knows the job.", OutcomeKind.Failed);
            case JobStanding.Unknown or JobStanding.Unreachable:
                return job.SentAtMs is { } sent && at.NowMs - sent > PatienceMs
                    ? Doubtful(job, "vendor_silent", "The vendor has not answered for days.")
                    : new(Wait(job with { Tries = job.Tries + 1, Code = report.Code, Message = report.Message }, at, RestMs(job.Tries, at, report.RetryAfterSeconds, 2_000, 60_000)));
            default:
                return new(Wait(job with { Tries = 0, Code = null, Message = null }, at, Math.Max(PollMs(job, at), AskedMs(report.RetryAfterSeconds))));
        }
    }

    private static JobTurn NotFetched(JobRow job, FetchOutcome outcome, JobMoment at) =>
        outcome.Gone || (job.SentAtMs is { } sent && at.NowMs - sent > PatienceMs)
            ? Ended(job, at, JobState.Lost, job.CostMicros ?? job.BoundMicros, outcome.Code ?? "result_gone", outcome.Message ?? "The result is no longer to be had.", OutcomeKind.Failed)
            : new(Wait(job with { Tries = job.Tries + 1, Code = outcome.Code ?? "not_fetched", Message = outcome.Message }, at, RestMs(job.Tries, at, outcome.RetryAfterSeconds, 1_000, 60_000)));

    private static JobTurn Brought(JobRow job, JobBrought brought, JobMoment at)
    {
        var kept = job with { Sha256 = brought.Sha256, SizeBytes = brought.SizeBytes, MediaType = brought.MediaType, CostMicros = job.CostMicros ?? job.BoundMicros };
        var (state, code) = brought.Useless ? (JobState.Failed, "bad_result") : brought.Refusal is { } refusal ? (JobState.Orphaned, refusal) : (JobState.Done, null);
        var message = brought.Useless ? $"What came is {brought.MediaType}, which the model does not make."
            : code is null ? null : "The result was paid for and could not become the output's version; it is kept beside it.";
        return new(Over(kept, at, state, JobBilling.Billed, code, message), JobMoney.Charge, code, brought.Useless ? OutcomeKind.Failed : OutcomeKind.Succeeded);
    }

    // A failed job whose bill the vendor does not tell counts at its bound until someone knows.
    private static JobTurn Ended(JobRow job, JobMoment at, string state, long? costMicros, string code, string? message, OutcomeKind? outcome) => costMicros switch
    {
        null => new(Over(job, at, state, JobBilling.Unknown, code, message), JobMoney.Assume, null, outcome),
        0 => new(Over(job with { CostMicros = 0 }, at, state, JobBilling.Unbilled, code, message), JobMoney.Release, null, outcome),
        _ => new(Over(job with { CostMicros = costMicros }, at, state, JobBilling.Billed, code, message), JobMoney.Charge, code, outcome),
    };

    private static JobTurn Resolved(JobRow job, JobResolved resolved, JobMoment at) =>
        resolved.VendorJobId is { } id
            ? new(Taken(job, id, [], at) with { DueAtMs = at.NowMs, EndedAtMs = null, SentAtMs = at.NowMs })
            : resolved.Billed == true
                ? new(Over(job with { CostMicros = resolved.CostMicros ?? job.BoundMicros }, at, EndOf(job), JobBilling.Billed, job.Code ?? "billed", job.Message), JobMoney.Charge, job.Code ?? "billed")
                : new(Over(job with { CostMicros = 0 }, at, EndOf(job), JobBilling.Unbilled, job.Code ?? "not_billed", job.Message), JobMoney.Release);

    private static string EndOf(JobRow job) => JobState.IsOver(job.State) ? job.State : JobState.Failed;

    private static JobRow Over(JobRow job, JobMoment at, string state, string billing, string? code, string? message) => job with
    {
        State = state,
        Billing = billing,
        Code = code,
        Message = message,
        Held = 0,
        DueAtMs = null,
        EndedAtMs = job.EndedAtMs ?? at.NowMs,
        CostMicros = billing == JobBilling.Unbilled ? 0 : job.CostMicros,
    };

    private static JobRow Wait(JobRow job, JobMoment at, long delayMs) => job with { Held = 0, DueAtMs = at.NowMs + delayMs };

    // Often at first and ever more seldom: a tenth of the time it has run, between one second and half a minute.
    private static long PollMs(JobRow job, JobMoment at) => Jittered(Math.Clamp((at.NowMs - (job.SentAtMs ?? at.NowMs)) / 10, 1_000, 30_000), at);

    private static long RestMs(long tries, JobMoment at, double? retryAfterSeconds, long firstMs, long longestMs) =>
        Math.Max(Jittered(Math.Min(longestMs, firstMs << (int)Math.Min(tries, 20)), at), AskedMs(retryAfterSeconds));

    private static long AskedMs(double? seconds) => seconds is > 0 and { } asked ? (long)(Math.Min(asked, DayMs / 1000.0) * 1000) : 0;

    // Between half and all of it.
    private static long Jittered(long delayMs, JobMoment at) => (long)(delayMs * (0.5 + (at.Chance / 2)));
}

/// <summary>Everything the machine may know beside the job.</summary>
/// <param name="NowMs">The store's clock.</param>
/// <param name="Chance">In [0, 1), for jitter.</param>
/// <param name="Repeatable">Whether the provider's calls may simply be made again.</param>
public readonly record struct JobMoment(long NowMs, double Chance, bool Repeatable);
