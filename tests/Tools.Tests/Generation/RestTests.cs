using Pipeline.Tools.Generation;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Routing;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>There is one rest of a model, for whoever decides and for whoever sends.</summary>
public sealed class RestTests
{
    private static readonly object Ask = new { capability = "generate_text", inputs = new { prompt = "x" }, dry_run = true };

    [Fact]
    public async Task What_rests_for_the_router_is_not_sent_to()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor, time: new HandClock())).Start();
        await NoteAsync(house, OutcomeKind.Unreachable, OutcomeKind.Unreachable, OutcomeKind.Unreachable);

        var job = await house.BuyAsync("one", wait: 0);
        await SettleAsync(house);
        var hurried = await house.Client.CallAsync("generate_media", new { model = "words", prompt = "y", output = "film/b.txt", patience_seconds = 0, wait_seconds = 0 });
        var over = await house.UntilAsync(hurried.Text("job_id"), JobState.Failed);

        Assert.Equal((JobState.Planned, 0), ((await house.JobAsync(job.Text("job_id"))).State, vendor.Submits));
        Assert.Equal(("rate_limited", JobBilling.Unbilled), (over.Code, over.Billing));
    }

    [Fact]
    public async Task A_model_whose_jobs_fail_is_passed_over_and_still_had_by_name()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        await NoteAsync(house, OutcomeKind.Failed, OutcomeKind.Failed, OutcomeKind.Failed);

        var words = (await house.Client.CallAsync("route_step", Ask)).GetProperty("alternatives").EnumerateArray().Single(other => other.Text("model") == "words");
        var job = await house.BuyAsync("one");

        Assert.Contains("rests for", words.Text("why_not"), StringComparison.Ordinal);
        Assert.Equal(("done", 1), (job.Text("state"), vendor.Submits));
    }

    [Fact]
    public async Task What_refused_the_sender_rests_for_the_router_for_as_long()
    {
        var vendor = new ScriptedVendor { OnSubmit = (_, _, _) => Task.FromResult(new Submission(SubmissionClass.Rejected) { Code = "quota_exhausted", Retryable = true, RetryAfterSeconds = 3_600 }) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var job = await house.BuyAsync("one", wait: 0);
        while ((await house.JobAsync(job.Text("job_id"))).Tries == 0) await Task.Delay(20);

        var words = (await house.Client.CallAsync("route_step", Ask)).GetProperty("alternatives").EnumerateArray().Single(other => other.Text("model") == "words");
        await house.BuyAsync("two", output: "film/two.txt", wait: 1.5);

        Assert.Contains("rests for", words.Text("why_not"), StringComparison.Ordinal);
        Assert.Contains("quota exhausted", words.Text("why_not"), StringComparison.Ordinal);
        Assert.Equal(1, vendor.Submits);
    }

    [Fact]
    public async Task After_a_rest_one_job_goes_first_and_the_others_when_it_was_taken()
    {
        var (clock, answer) = (new HandClock(), new TaskCompletionSource<Submission>());
        var vendor = new ScriptedVendor { OnSubmit = (n, _, cancellation) => n == 1 ? answer.Task.WaitAsync(cancellation) : Task.FromResult(ScriptedVendor.Accepted($"v{n}")), OnPoll = (_, _, _) => Task.FromResult(new JobReport(JobStanding.Running)) };
        await using var house = (await JobHouse.OpenAsync(vendor, time: clock)).Start();
        await NoteAsync(house, OutcomeKind.RateLimited);
        for (var n = 0; n < 5; n++) await house.BuyAsync($"k{n}", $"film/{n}.txt", 0);
        await SettleAsync(house);
        Assert.Equal(0, vendor.Submits);

        clock.Advance(TimeSpan.FromSeconds(2));
        await SettleAsync(house, () => vendor.Submits >= 1);
        Assert.Equal(1, vendor.Submits);

        answer.SetResult(ScriptedVendor.Accepted("v1"));
        await SettleAsync(house, () => vendor.Submits >= 5);
        Assert.Equal(5, vendor.Submits);
    }

    [Fact]
    public async Task A_first_call_that_fails_after_a_rest_makes_the_others_wait_on()
    {
        var clock = new HandClock();
        var vendor = new ScriptedVendor { OnSubmit = (_, _, _) => Task.FromResult(new Submission(SubmissionClass.Ambiguous) { Code = "timeout" }) };
        await using var house = (await JobHouse.OpenAsync(vendor, time: clock)).Start();
        await NoteAsync(house, OutcomeKind.Ambiguous, OutcomeKind.Ambiguous, OutcomeKind.Ambiguous);
        for (var n = 0; n < 5; n++) await house.BuyAsync($"k{n}", $"film/{n}.txt", 0);

        clock.Advance(TimeSpan.FromSeconds(11));
        await SettleAsync(house, () => vendor.Submits >= 1);
        Assert.Equal(1, vendor.Submits); // four more are not put in doubt

        clock.Advance(TimeSpan.FromSeconds(11));
        await SettleAsync(house);
        Assert.Equal(1, vendor.Submits);
    }

    [Fact]
    public async Task A_model_of_this_machine_never_rests()
    {
        await using var house = await JobHouse.OpenAsync(new ScriptedVendor());
        await house.House.Database.TransactAsync("film", async tx =>
        {
            for (var n = 0; n < 5; n++) await OutcomesTable.AddAsync(tx, new("local", "synthetic-tones", OutcomeKind.Failed, null, null, "recipe_failed") { IsLocal = true });
            return true;
        }, default);

        Assert.Equal(9, await house.House.Database.TransactAsync("/jobs", tx => BreakersTable.AdmitAsync(tx, "local", "synthetic-tones", 9), default));
    }

    private static Task NoteAsync(JobHouse house, params OutcomeKind[] kinds) => house.House.Database.TransactAsync("film", async tx =>
    {
        foreach (var kind in kinds) await OutcomesTable.AddAsync(tx, new("scripted", "words", kind, null, null, null));
        return true;
    }, default);

    // Until it is so, and then for as long as one too many would need.
    private static async Task SettleAsync(JobHouse house, Func<bool>? until = null)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var n = 0; n < 30; n += until?.Invoke() == false && !late.IsCancellationRequested ? 0 : 1)
        {
            house.House.Database.Signals.Raise(JobsTable.Channel);
            await Task.Delay(20);
        }
    }
}
