using Pipeline.Tools.Generation;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>Jobs of a run: cancelled with it in every state, and taken over by the next worker when the one before was lost.</summary>
public sealed class CancelTests
{
    private const string Plan = """{"name": "n", "steps": [{"id": "a", "capability": "x-work"}]}""";

    [Fact]
    public async Task Cancelled_before_it_was_sent_it_is_not_sent()
    {
        var vendor = new ScriptedVendor();
        await using var house = await JobHouse.OpenAsync(vendor);
        var (run, job) = await StartAsync(house);

        await house.Client.CallAsync("control_run", new { run_id = run, action = "cancel" });
        house.Start();
        var over = await house.UntilAsync(job, JobState.Cancelled);

        Assert.Equal(("unbilled", 0), (over.Billing, vendor.Submits));
        Assert.Empty(await house.ChargesAsync());
    }

    [Theory]
    [InlineData(CancelAnswer.Asked, "cancelled", 0L)]
    [InlineData(CancelAnswer.Asked, "billed_in_part", 300L)]
    [InlineData(CancelAnswer.TooLate, "came_all_the_same", JobHouse.Price)]
    public async Task Cancelled_with_the_vendor_its_answer_and_its_end_are_recorded(CancelAnswer answer, string end, long cost)
    {
        var vendor = new ScriptedVendor { OnCancel = _ => answer };
        vendor.OnPoll = (_, job, _) => Task.FromResult(
            vendor.Cancelled.IsEmpty ? new(JobStanding.Running) : end == "came_all_the_same" ? ScriptedVendor.Succeeded(job.VendorJobId) : new JobReport(JobStanding.Cancelled) { CostMicros = cost });
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var (run, id) = await StartAsync(house);
        await house.UntilAsync(id, JobState.Accepted);

        await house.Client.CallAsync("control_run", new { run_id = run, action = "cancel" });
        var over = await house.UntilAsync(id, JobState.Cancelled, JobState.Orphaned);

        Assert.Equal("v1", Assert.Single(vendor.Cancelled));
        Assert.Equal(answer == CancelAnswer.TooLate ? "too_late" : "asked", over.CancelAnswer);
        Assert.Equal(cost, (await house.ChargesAsync()).Sum(charge => charge.CostMicros));
        Assert.Equal(end == "came_all_the_same" ? JobState.Orphaned : JobState.Cancelled, over.State); // its step is over: the paid result lies beside
        Assert.All(await house.ChargesAsync(), charge => Assert.NotNull(charge.Waste));
    }

    [Fact]
    public async Task Cancelled_while_its_result_is_fetched_the_result_is_kept()
    {
        var held = new TaskCompletionSource();
        var vendor = new ScriptedVendor { OnFetch = async (_, _, cancellation) => { await held.Task.WaitAsync(cancellation); return new(true); } };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var (run, id) = await StartAsync(house);
        await house.UntilAsync(id, JobState.Fetching);

        await house.Client.CallAsync("control_run", new { run_id = run, action = "cancel" });
        held.SetResult();
        var over = await house.UntilAsync(id, JobState.Orphaned);

        Assert.Equal("words of v1", await house.TextAsync(over.Asset!));
        Assert.Equal(JobHouse.Price, Assert.Single(await house.ChargesAsync()).CostMicros);
    }

    [Fact]
    public async Task What_costs_nothing_to_repeat_stops_at_once()
    {
        var vendor = new ScriptedVendor { Repeatable = true, OnSubmit = async (_, _, cancellation) => { await Task.Delay(Timeout.Infinite, cancellation); return new(SubmissionClass.Ambiguous); } };
        await using var house = (await JobHouse.OpenAsync(vendor, options: new() { Lease = TimeSpan.FromSeconds(3), StopGrace = TimeSpan.Zero })).Start();
        var (run, id) = await StartAsync(house);
        await house.UntilAsync(id, JobState.Submitting);

        await house.Client.CallAsync("control_run", new { run_id = run, action = "cancel" });
        var over = await house.UntilAsync(id, JobState.Cancelled);

        Assert.Equal("unbilled", over.Billing);
    }

    [Fact]
    public async Task The_next_worker_of_a_lost_claim_gets_the_same_job_and_its_result()
    {
        var clock = new HandClock();
        var vendor = new ScriptedVendor();
        await using var house = await JobHouse.OpenAsync(vendor, time: clock);
        var run = await RunAsync(house);
        var (ann, bob) = (await house.House.ConnectAsync("ann", Pipeline.Tools.Calls.Role.Member), await house.House.ConnectAsync("bob", Pipeline.Tools.Calls.Role.Member));
        var first = await ann.TakeAsync(lease: 10);
        var bought = await ann.CallAsync("generate_media", Order(first));
        clock.Advance(TimeSpan.FromSeconds(11));

        var second = await bob.TakeAsync(lease: 60);
        var taken = await bob.CallAsync("generate_media", Order(second));
        await ann.RefusedAsync("generate_media", Order(first), "superseded");
        house.Start();
        await house.UntilAsync(bought.Text("job_id"), JobState.Accepted);
        clock.Advance(TimeSpan.FromSeconds(2)); // past its first poll, within bob's lease
        house.House.Database.Signals.Raise(JobsTable.Channel);

        var done = await house.UntilAsync(bought.Text("job_id"), JobState.Done);
        Assert.Equal(bought.Text("job_id"), taken.Text("job_id"));
        Assert.Equal((JobState.Done, "film/out.txt@1", run, "a"), (done.State, done.Asset, done.RunId, done.StepId));
        Assert.Equal(1, vendor.Submits);
        Assert.Equal((run, "a", null), (Assert.Single(await house.ChargesAsync()).RunId, (await house.ChargesAsync())[0].StepId, (await house.ChargesAsync())[0].Waste));
    }

    [Fact]
    public async Task An_attempt_that_failed_and_is_made_again_buys_anew_and_stops_what_the_one_before_wanted()
    {
        var vendor = new ScriptedVendor();
        await using var house = await JobHouse.OpenAsync(vendor);
        await RunAsync(house, """{"name": "n", "steps": [{"id": "a", "capability": "x-work", "retry": {"max_attempts": 3, "backoff_seconds": 0}}]}""");
        var first = await house.Client.TakeAsync();
        var before = await house.Client.CallAsync("generate_media", Order(first));
        await house.Client.FailAsync(first);

        var second = await house.Client.TakeAsync();
        var after = await house.Client.CallAsync("generate_media", Order(second));
        house.Start();

        await house.UntilAsync(before.Text("job_id"), JobState.Cancelled);
        Assert.Equal(JobState.Done, (await house.UntilAsync(after.Text("job_id"), JobState.Done, JobState.Orphaned)).State);
        Assert.Equal(1, vendor.Submits);
    }

    [Fact]
    public async Task A_step_that_a_worker_gave_back_still_wants_the_job_it_bought()
    {
        var vendor = new ScriptedVendor();
        await using var house = await JobHouse.OpenAsync(vendor);
        await RunAsync(house, """{"name": "n", "steps": [{"id": "a", "capability": "x-work", "retry": {"max_attempts": 1}}]}""");
        var first = await house.Client.TakeAsync();
        var before = await house.Client.CallAsync("generate_media", Order(first));
        await house.Client.CallAsync("fail_step", new { run_id = first.Text("run_id"), step_id = "a", generation = 1, error = new { code = "worker_stopped" } });

        var after = await house.Client.CallAsync("generate_media", Order(await house.Client.TakeAsync()));
        house.Start();

        Assert.Equal(before.Text("job_id"), after.Text("job_id"));
        Assert.Equal(JobState.Done, (await house.UntilAsync(before.Text("job_id"), JobState.Done, JobState.Orphaned)).State);
        Assert.Equal(1, vendor.Submits);
    }

    [Fact]
    public async Task What_was_paid_for_a_result_that_another_replaced_is_waste()
    {
        await using var house = (await JobHouse.OpenAsync(new ScriptedVendor())).Start();
        var run = await RunAsync(house, """{"name": "n", "steps": [{"id": "a", "capability": "x-work", "retry": {"max_attempts": 3, "backoff_seconds": 0}}]}""");
        var first = await house.Client.TakeAsync();
        await house.UntilAsync((await house.Client.CallAsync("generate_media", Order(first))).Text("job_id"), JobState.Done);
        await house.Client.FailAsync(first);
        var second = await house.Client.TakeAsync();
        var kept = await house.UntilAsync((await house.Client.CallAsync("generate_media", Order(second))).Text("job_id"), JobState.Done);

        await house.Client.CallAsync("complete_step", new { run_id = run, step_id = "a", generation = 2, outputs = new { asset = kept.Asset } });

        var report = await house.Client.CallAsync("report_costs", new { run_id = run });
        Assert.Equal((2 * JobHouse.Price, JobHouse.Price, JobHouse.Price), (report.GetProperty("cost_micros").GetInt64(), report.GetProperty("accepted_micros").GetInt64(), report.GetProperty("waste_micros").GetInt64()));
        Assert.Equal("replaced", Assert.Single(report.GetProperty("waste").EnumerateArray()).Text("reason"));
    }

    private static async Task<string> RunAsync(JobHouse house, string plan = Plan)
    {
        var created = await house.Client.CallAsync("create_plan", new { workspace = "film", plan = System.Text.Json.JsonDocument.Parse(plan).RootElement });
        return (await house.Client.CallAsync("start_run", new { plan_id = created.Text("plan_id") })).Text("run_id");
    }

    private static async Task<(string Run, string Job)> StartAsync(JobHouse house)
    {
        var run = await RunAsync(house);
        var step = await house.Client.TakeAsync();
        return (run, (await house.Client.CallAsync("generate_media", Order(step))).Text("job_id"));
    }

    private static object Order(System.Text.Json.JsonElement step) => new
    {
        model = "words", prompt = "x", output = "film/out.txt", wait_seconds = 0,
        claim = new { run_id = step.Text("run_id"), step_id = step.Text("step_id"), generation = step.GetProperty("generation").GetInt64() },
    };
}
