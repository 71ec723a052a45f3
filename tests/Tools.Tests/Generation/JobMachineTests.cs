using Pipeline.Tools.Generation;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>The machine by itself, over everything that can happen in any order.</summary>
public sealed class JobMachineTests
{
    private static readonly JobRow Held = new()
    {
        JobId = "job_1", State = JobState.Submitting, Held = 1, BoundMicros = 100, GiveUpAtMs = 1_000_000_000, ReservationId = "r", DueAtMs = 60_000, Generation = 1, SentGeneration = 1, Sends = 1, SentAtMs = 0,
    };

    [Theory]
    [InlineData("refused")]
    [InlineData("throttled")]
    [InlineData("not_sent")]
    [InlineData("no_answer")]
    [InlineData("lost")]
    public void What_a_webhook_named_is_with_the_vendor_whatever_was_answered(string how)
    {
        JobEvent happened = how switch
        {
            "lost" => new JobSenderLost(),
            "not_sent" => new JobSent(new(SubmissionClass.NotSent)),
            "no_answer" => new JobSent(new(SubmissionClass.Ambiguous)),
            _ => new JobSent(new(SubmissionClass.Rejected) { Retryable = how == "throttled" }),
        };

        var turn = JobMachine.Advance(Held with { HookedJobId = "v9" }, happened, new(1_000, 0.5, false));

        Assert.Equal((JobState.Accepted, "v9", JobMoney.Leave), (turn.Job.State, turn.Job.VendorJobId, turn.Money));
    }

    [Fact]
    public void In_any_order_of_events_nothing_is_sent_again_that_may_have_been_billed_and_nothing_is_charged_twice()
    {
        var chance = new Random(20261121);
        var ends = new Dictionary<string, int>();
        for (var life = 0; life < 20_000; life++)
        {
            var (job, now, charges) = (Held, 1_000L, 0);
            var maybeBilled = false;
            for (var step = 0; step < 40 && !(JobState.IsOver(job.State) && job.Billing != JobBilling.Unknown); step++)
            {
                if (job.State == JobState.Planned)
                {
                    Assert.False(maybeBilled, "It is to be sent again although the vendor may have billed it.");
                    job = job with { State = JobState.Submitting, Held = 1, Sends = job.Sends + 1, SentAtMs = now };
                }

                var happened = Any(chance);
                var before = job;
                var turn = JobMachine.Advance(job with { CancelAsked = chance.Next(20) == 0 ? 1 : job.CancelAsked }, happened, new(now += 1_000, chance.NextDouble(), false));
                job = turn.Job;
                maybeBilled = Doubt(before, job, happened, maybeBilled);
                charges += turn.Money == JobMoney.Charge ? 1 : 0;
                Assert.True(charges <= 1, "It is charged twice.");
                Assert.True(job.Billing != JobBilling.Billed || charges == 1, "It counts as billed without a charge.");
                Assert.True(!JobState.IsOver(job.State) || (job.EndedAtMs is not null && job.DueAtMs is null), "It is over and still waits.");
                Assert.True(JobState.IsOver(job.State) || job.State == JobState.Ambiguous || job.DueAtMs is not null, "It is not over and waits for nothing.");
            }

            ends[job.State] = ends.GetValueOrDefault(job.State) + 1;
        }

        Assert.All([JobState.Done, JobState.Orphaned, JobState.Failed, JobState.Cancelled, JobState.Lost], state => Assert.True(ends.GetValueOrDefault(state) > 20, $"{state} was never reached."));
    }

    [Theory]
    [InlineData(SubmissionClass.NotSent, false, "planned", JobMoney.Leave)]
    [InlineData(SubmissionClass.Rejected, true, "planned", JobMoney.Leave)]
    [InlineData(SubmissionClass.Rejected, false, "failed", JobMoney.Release)]
    [InlineData(SubmissionClass.Ambiguous, false, "ambiguous", JobMoney.Assume)]
    [InlineData(SubmissionClass.Accepted, false, "accepted", JobMoney.Leave)]
    [InlineData(SubmissionClass.Done, false, "fetching", JobMoney.Leave)]
    public void Each_class_of_outcome_has_its_own_next_step(SubmissionClass outcome, bool retryable, string state, JobMoney money)
    {
        var turn = JobMachine.Advance(Held, new JobSent(new(outcome) { Retryable = retryable, VendorJobId = "v", Results = [new(null, "https://x/", null)] }), new(0, 0.5, false));

        Assert.Equal((state, money), (turn.Job.State, turn.Money));
    }

    [Fact]
    public void Polls_become_seldom_and_rests_double()
    {
        var accepted = JobMachine.Advance(Held, new JobSent(new(SubmissionClass.Accepted) { VendorJobId = "v" }), new(0, 1, false)).Job;
        long PollAfter(long now) => JobMachine.Advance(accepted, new JobReported(new(JobStanding.Running)), new(now, 1, false)).Job.DueAtMs!.Value - now;
        long RestAfter(long tries) => JobMachine.Advance(Held with { Tries = tries }, new JobSent(new(SubmissionClass.NotSent)), new(0, 1, false)).Job.DueAtMs!.Value;

        Assert.Equal([1_000, 6_000, 30_000], [PollAfter(5_000), PollAfter(60_000), PollAfter(3_600_000)]);
        Assert.Equal([1_000, 2_000, 4_000, 120_000], [RestAfter(0), RestAfter(1), RestAfter(2), RestAfter(30)]);
    }

    private static bool Doubt(JobRow before, JobRow after, JobEvent happened, bool doubt) => happened switch
    {
        JobSent { Outcome.Class: SubmissionClass.Accepted or SubmissionClass.Done or SubmissionClass.Ambiguous } when after != before => true,
        // An answer to that very call, however late, settles it.
        JobSent when after != before => false,
        JobSenderLost when after != before => true,
        _ => doubt,
    };

    private static JobEvent Any(Random chance) => chance.Next(14) switch
    {
        0 => new JobSent(new(SubmissionClass.NotSent)),
        1 => new JobSent(new(SubmissionClass.Rejected) { Retryable = true, RetryAfterSeconds = chance.Next(3) }),
        2 => new JobSent(new(SubmissionClass.Rejected)),
        3 => new JobSent(new(SubmissionClass.Ambiguous)),
        4 or 5 => new JobSent(new(SubmissionClass.Accepted) { VendorJobId = "v" }),
        6 => new JobSent(new(SubmissionClass.Done) { Results = [new("f", null, null)] }),
        7 => new JobSenderLost(),
        8 => new JobReported(new((JobStanding)chance.Next(8)) { Results = chance.Next(4) == 0 ? [] : [new(null, "https://x/", null)], CostMicros = chance.Next(3) switch { 0 => null, 1 => 0, _ => 50 } }),
        9 => new JobReported(new(JobStanding.Succeeded) { Results = [new(null, "https://x/", null)] }),
        10 => new JobNotFetched(new(false, chance.Next(4) == 0)),
        11 => new JobBrought("sha", 1, "video/mp4", chance.Next(3) == 0 ? "superseded" : null, chance.Next(5) == 0),
        12 => new JobCancelAnswered((CancelAnswer)chance.Next(5)),
        _ => chance.Next(4) switch { 0 => new JobResolved(chance.Next(2) == 0, null, null), 1 => new JobWaitedTooLong(), _ => new JobStopped() },
    };
}
