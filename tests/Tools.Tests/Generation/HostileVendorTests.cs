using Pipeline.Tools.Generation;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>Vendors that lie, stumble or never have a turn to give: every job still comes to an end, and its money with it.</summary>
public sealed class HostileVendorTests
{
    [Fact]
    public async Task A_name_that_another_job_has_makes_a_job_doubtful_and_the_other_stays_as_it_is()
    {
        var vendor = new ScriptedVendor { OnSubmit = (_, _, _) => Task.FromResult(ScriptedVendor.Accepted("same")) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        var first = await house.BuyAsync("one", "film/one.txt");
        var second = await house.BuyAsync("two", "film/two.txt");

        Assert.Equal(("done", "ambiguous", "unknown"), (first.Text("state"), second.Text("state"), second.Text("billing")));
        Assert.Equal("name_taken", second.Text("code"));
        Assert.Equal(2, vendor.Submits);
        Assert.Single(await house.ChargesAsync());
    }

    [Theory]
    [InlineData("poll")]
    [InlineData("fetch")]
    public async Task A_provider_that_breaks_off_counts_as_out_of_reach_and_is_asked_again(string where)
    {
        var vendor = new ScriptedVendor();
        if (where == "poll") vendor.OnPoll = (n, job, _) => n == 1 ? throw new InvalidOperationException("no text") : Task.FromResult(ScriptedVendor.Succeeded(job.VendorJobId));
        if (where == "fetch") vendor.OnFetch = (n, _, _) => n == 1 ? throw new ArgumentException("twice") : Task.FromResult(new FetchOutcome(true));
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        var bought = await house.BuyAsync("one", wait: 30);

        Assert.Equal("done", bought.Text("state")); // and not only when the claim has lapsed, a minute later
        Assert.Single(await house.ChargesAsync());
    }

    [Fact]
    public async Task A_job_that_never_has_its_turn_is_given_up_in_time_and_its_money_given_back()
    {
        var vendor = new ScriptedVendor { OnPoll = (_, _, _) => Task.FromResult(new JobReport(JobStanding.Running)) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        await house.Client.CallAsync("set_budget", new { workspace = "film", limit_micros = 10 * JobHouse.Price });
        foreach (var n in new[] { 1, 2 }) await house.BuyAsync($"k{n}", $"film/{n}.txt", 0, "slow-words"); // as many as the model takes at once

        var third = await house.Client.CallAsync("generate_media", new { model = "slow-words", prompt = "x", output = "film/3.txt", idempotency_key = "k3", patience_seconds = 1, wait_seconds = 45 });

        Assert.Equal(("failed", "unbilled", "rate_limited"), (third.Text("state"), third.Text("billing"), third.Text("code")));
        var budget = (await house.Client.CallAsync("set_budget", new { workspace = "film", limit_micros = 10 * JobHouse.Price })).GetProperty("budget");
        Assert.Equal(2 * JobHouse.Price, budget.GetProperty("reserved_micros").GetInt64());
    }

    [Fact]
    public async Task A_cancellation_that_never_gets_through_does_not_hide_the_end()
    {
        var vendor = new ScriptedVendor { OnCancel = _ => CancelAnswer.Unreachable };
        vendor.OnPoll = (_, job, _) => Task.FromResult(vendor.Cancelled.IsEmpty ? new(JobStanding.Running) : ScriptedVendor.Succeeded(job.VendorJobId));
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var plan = System.Text.Json.JsonDocument.Parse("""{"steps": [{"id": "a", "capability": "x-work"}]}""").RootElement;
        var created = await house.Client.CallAsync("create_plan", new { workspace = "film", plan });
        var run = (await house.Client.CallAsync("start_run", new { plan_id = created.Text("plan_id") })).Text("run_id");
        await house.Client.TakeAsync();
        var job = (await house.Client.CallAsync("generate_media", new { model = "words", prompt = "x", output = "film/a.txt", wait_seconds = 0, claim = new { run_id = run, step_id = "a", generation = 1 } })).Text("job_id");
        await house.UntilAsync(job, JobState.Accepted);

        await house.Client.CallAsync("control_run", new { run_id = run, action = "cancel" });
        var over = await house.UntilAsync(job, JobState.Orphaned);

        Assert.Equal(JobBilling.Billed, over.Billing);
    }
}
