using System.Text.Json;
using Pipeline.Tools.Generation;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation;

public sealed class PaidOnceTests
{
    [Fact]
    public async Task What_was_bought_is_written_charged_and_told_once()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        var bought = await house.BuyAsync("one");
        var again = await house.BuyAsync("one");

        Assert.Equal(("done", "film/out.txt@1", JobHouse.Price, "billed"), (bought.Text("state"), bought.Text("asset"), bought.GetProperty("cost_micros").GetInt64(), bought.Text("billing")));
        Assert.Equal(bought.Text("job_id"), again.Text("job_id"));
        Assert.Equal("words of v1", await house.TextAsync("film/out.txt"));
        Assert.Equal(1, vendor.Submits);
        var charge = Assert.Single(await house.ChargesAsync());
        Assert.Equal((bought.Text("job_id"), JobHouse.Price, null, "words"), (charge.Request, charge.CostMicros, charge.Waste, charge.Model));
        Assert.True(charge.PremiumMicros >= 5 * JobHouse.Price, "The dearest that fits costs five times as much at least.");
        var events = await house.Client.CallAsync("wait_events", new { workspace = "film", kinds = new[] { "job.*" } });
        Assert.Equal(["job.accepted", "job.done"], events.GetProperty("events").EnumerateArray().Select(one => one.Text("kind")));
        var lineage = (await house.Client.CallAsync("get_asset", new { asset = "film/out.txt" })).GetRawText();
        Assert.Contains("3 of 2026-11-01", lineage, StringComparison.Ordinal);
        Assert.Contains("a line", lineage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sixty_four_callers_of_one_intent_buy_one_job_under_one_key()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => house.BuyAsync("one")));

        Assert.Single(answers.Select(answer => answer.Text("job_id")).Distinct());
        Assert.All(answers, answer => Assert.Equal("done", answer.Text("state")));
        Assert.Equal(1, vendor.Submits);
        Assert.Single(await house.ChargesAsync());
    }

    [Fact]
    public async Task An_intent_with_another_body_is_refused_and_another_key_buys_anew()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        await house.BuyAsync("one");

        await house.Client.RefusedAsync("generate_media", new { model = "words", prompt = "another line", output = "film/out.txt", idempotency_key = "one" }, "idempotency_mismatch");
        await house.Client.RefusedAsync("generate_media", new { model = "dear-words", prompt = "a line", output = "film/out.txt", idempotency_key = "one" }, "idempotency_mismatch");
        var other = await house.BuyAsync("two");

        Assert.Equal("film/out.txt@2", other.Text("asset"));
        Assert.Equal(2, vendor.Keys.Count);
    }

    [Fact]
    public async Task Without_a_key_the_call_itself_is_the_intent_until_it_ends_without_a_result()
    {
        var vendor = new ScriptedVendor { OnSubmit = (n, _, _) => Task.FromResult(n == 1 ? new(SubmissionClass.Rejected) { Code = "unauthorized" } : ScriptedVendor.Accepted($"v{n}")) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        var refused = await house.BuyAsync();
        var bought = await house.BuyAsync();
        var again = await house.BuyAsync();

        Assert.Equal(("failed", "unbilled", "unauthorized"), (refused.Text("state"), refused.Text("billing"), refused.Text("code")));
        Assert.Equal(bought.Text("job_id"), again.Text("job_id"));
        Assert.NotEqual(refused.Text("job_id"), bought.Text("job_id"));
        Assert.Equal(JobHouse.Price, Assert.Single(await house.ChargesAsync()).CostMicros);
    }

    [Theory]
    [InlineData("not_sent")]
    [InlineData("throttled")]
    public async Task What_reached_nobody_or_was_refused_for_now_is_sent_again_under_the_same_key(string how)
    {
        var first = how == "not_sent" ? new Submission(SubmissionClass.NotSent) { Code = "unreachable" } : new(SubmissionClass.Rejected) { Code = "rate_limited", Retryable = true };
        var vendor = new ScriptedVendor { OnSubmit = (n, _, _) => Task.FromResult(n < 3 ? first : ScriptedVendor.Accepted("v")) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        var bought = await house.BuyAsync("one", wait: 45);

        Assert.Equal("done", bought.Text("state"));
        Assert.Equal(3, Assert.Single(vendor.Keys).Value);
        Assert.Single(await house.ChargesAsync());
    }

    [Fact]
    public async Task Retry_after_is_kept_and_a_caller_without_patience_hears_at_once()
    {
        var vendor = new ScriptedVendor { OnSubmit = (_, _, _) => Task.FromResult(new Submission(SubmissionClass.Rejected) { Code = "rate_limited", Retryable = true, RetryAfterSeconds = 120 }) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var patient = await house.BuyAsync("patient", wait: 0);
        var resting = await house.UntilAsync(patient.Text("job_id"), JobState.Planned, JobState.Failed);
        while (resting.Tries == 0) resting = await house.JobAsync(resting.JobId);

        var hurried = await house.Client.CallAsync("generate_media", new { model = "dear-words", prompt = "x", output = "film/b.txt", idempotency_key = "hurried", patience_seconds = 0 });

        Assert.Equal(JobState.Planned, resting.State);
        Assert.True(resting.DueAtMs - resting.SentAtMs >= 120_000);
        Assert.Equal(("failed", "rate_limited", "unbilled"), (hurried.Text("state"), hurried.Text("code"), hurried.Text("billing")));
        await house.BuyAsync("third", output: "film/c.txt", wait: 0.5);
        Assert.Equal(2, vendor.Submits); // the model that refused is left in peace by everyone

        var waiting = await house.Client.CallAsync("generate_media", new { model = "words", prompt = "y", output = "film/d.txt", idempotency_key = "waiting", patience_seconds = 1, wait_seconds = 30 });
        Assert.Equal(("failed", "rate_limited", "unbilled"), (waiting.Text("state"), waiting.Text("code"), waiting.Text("billing")));
        Assert.Equal(2, vendor.Submits);
    }

    [Fact]
    public async Task What_got_no_answer_is_listed_and_never_sent_again()
    {
        var vendor = new ScriptedVendor { OnSubmit = (_, _, _) => Task.FromResult(new Submission(SubmissionClass.Ambiguous) { Code = "timeout" }) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        var lost = await house.BuyAsync("one");
        var again = await house.BuyAsync("one");
        var listed = await house.Client.CallAsync("list_jobs", new { workspace = "film", state = "ambiguous" });
        var resumed = await house.Client.CallAsync("resume_agent", new { });

        Assert.Equal(("ambiguous", "unknown", "timeout"), (lost.Text("state"), lost.Text("billing"), again.Text("code")));
        Assert.Equal(1, vendor.Submits);
        Assert.Equal(lost.Text("job_id"), Assert.Single(listed.GetProperty("jobs").EnumerateArray()).Text("job_id"));
        Assert.Equal((lost.Text("job_id"), "ambiguous"), (Flight(resumed).Text("job_id"), Flight(resumed).Text("state")));
        Assert.Empty(await house.ChargesAsync());

        static JsonElement Flight(JsonElement resumed) => Assert.Single(resumed.GetProperty("jobs_in_flight").EnumerateArray());
    }

    [Theory]
    [InlineData("billed", "failed", "billed", JobHouse.Price)]
    [InlineData("not_billed", "failed", "unbilled", 0)]
    public async Task A_human_resolves_an_ambiguous_job(string verdict, string state, string billing, long cost)
    {
        var vendor = new ScriptedVendor { OnSubmit = (_, _, _) => Task.FromResult(new Submission(SubmissionClass.Ambiguous)) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var lost = await house.BuyAsync("one");

        var resolved = await house.Client.CallAsync("resolve_job", new { job_id = lost.Text("job_id"), verdict });

        Assert.Equal((state, billing), (resolved.Text("state"), resolved.Text("billing")));
        Assert.Equal(cost, (await house.ChargesAsync()).Sum(charge => charge.CostMicros));
        await house.Client.RefusedAsync("resolve_job", new { job_id = lost.Text("job_id"), verdict }, "invalid_state");
        var member = await house.House.ConnectAsync("mallory", Pipeline.Tools.Calls.Role.Member);
        await member.RefusedAsync("resolve_job", new { job_id = lost.Text("job_id"), verdict }, "forbidden");
    }

    [Fact]
    public async Task With_the_vendors_name_an_ambiguous_job_goes_on_and_is_not_bought_again()
    {
        var vendor = new ScriptedVendor { OnSubmit = (_, _, _) => Task.FromResult(new Submission(SubmissionClass.Ambiguous)) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var lost = await house.BuyAsync("one");

        await house.Client.CallAsync("resolve_job", new { job_id = lost.Text("job_id"), verdict = "running", vendor_job_id = "found" });
        var bought = await house.BuyAsync("one");

        await house.Client.RefusedAsync("resolve_job", new { job_id = lost.Text("job_id"), verdict = "billed" }, "invalid_state");
        var other = await house.BuyAsync("two", "film/other.txt");
        await house.Client.RefusedAsync("resolve_job", new { job_id = other.Text("job_id"), verdict = "running", vendor_job_id = "found" }, "invalid_argument");

        Assert.Equal(("done", "words of found"), (bought.Text("state"), await house.TextAsync("film/out.txt")));
        Assert.Equal(2, vendor.Submits);
        Assert.Equal(JobHouse.Price, Assert.Single(await house.ChargesAsync()).CostMicros);
    }

    [Fact]
    public async Task A_result_that_does_not_come_is_fetched_again_and_not_bought_again()
    {
        var vendor = new ScriptedVendor { OnFetch = (n, _, _) => Task.FromResult(new FetchOutcome(n == 3, Code: "cut")) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        var bought = await house.BuyAsync("one", wait: 45);

        Assert.Equal("done", bought.Text("state"));
        Assert.Equal((1, 3), (vendor.Submits, vendor.Fetches));
        Assert.Single(await house.ChargesAsync());
    }

    [Theory]
    [InlineData("gone", "lost", "result_gone")]
    [InlineData("expired", "lost", "result_expired")]
    [InlineData("picture", "failed", "bad_result")]
    public async Task A_result_that_is_lost_or_useless_is_charged_as_waste(string how, string state, string waste)
    {
        var vendor = new ScriptedVendor();
        if (how == "gone") vendor.OnFetch = (_, _, _) => Task.FromResult(new FetchOutcome(false, Gone: true));
        if (how == "expired") vendor.OnPoll = (_, _, _) => Task.FromResult(new JobReport(JobStanding.Expired));
        if (how == "picture") vendor.Bytes = _ => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0];
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        var bought = await house.BuyAsync("one");

        Assert.Equal((state, "billed"), (bought.Text("state"), bought.Text("billing")));
        Assert.Equal((waste, JobHouse.Price), (Assert.Single(await house.ChargesAsync()).Waste, (await house.ChargesAsync())[0].CostMicros));
    }

    [Theory]
    [InlineData(0L, "unbilled")]
    [InlineData(700L, "billed")]
    [InlineData(null, "unknown")]
    public async Task A_failed_job_costs_what_the_vendor_says_and_counts_at_its_bound_until_it_says(long? cost, string billing)
    {
        var vendor = new ScriptedVendor { OnPoll = (_, _, _) => Task.FromResult(new JobReport(JobStanding.Failed) { CostMicros = cost, Code = "refused_content" }) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        await house.Client.CallAsync("set_budget", new { workspace = "film", limit_micros = JobHouse.Price });

        var failed = await house.BuyAsync("one");
        var next = await house.Client.RawAsync("generate_media", new { model = "words", prompt = "next", output = "film/next.txt", idempotency_key = "two", wait_seconds = 0 });

        Assert.Equal(("failed", billing, "refused_content"), (failed.Text("state"), failed.Text("billing"), failed.Text("code")));
        Assert.Equal(cost ?? 0, (await house.ChargesAsync()).Sum(charge => charge.CostMicros));
        Assert.Equal(cost != 0, next.IsError ?? false);
    }
}
