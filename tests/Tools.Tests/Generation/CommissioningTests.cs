using Pipeline.Tools.Generation;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>What is refused before any money moves, and how much is sent at once.</summary>
public sealed class CommissioningTests
{
    [Theory]
    [InlineData("nobodys-words", "no_provider")]
    [InlineData("unpriced-words", "no_price")]
    [InlineData("old-words", "unfit_model")]
    [InlineData("unheard-of", "not_found")]
    public async Task A_model_that_cannot_be_called_is_refused_and_nothing_is_reserved(string model, string code)
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        await house.Client.RefusedAsync("generate_media", new { model, prompt = "x", output = "film/a.txt" }, code);
        await house.Client.RefusedAsync("generate_media", new { model = "words", prompt = "", output = "film/a.txt" }, "unfit_model");

        Assert.Empty(await house.JobsAsync());
        Assert.Equal(0, vendor.Submits);
    }

    [Fact]
    public async Task Writing_terms_are_held_to_before_anything_is_bought()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var other = await house.House.ConnectAsync("other");
        await other.CallAsync("acquire_lock", new { asset = "film/held.txt" });

        await house.Client.RefusedAsync("generate_media", new { model = "words", prompt = "x", output = "film/held.txt" }, "lock_held");
        await house.Client.RefusedAsync("generate_media", new { model = "words", prompt = "x", output = "film/a.txt", if_version = 4 }, "version_conflict");
        await house.Client.RefusedAsync("generate_media", new { model = "words", prompt = "x", output = "film/a.txt", references = new[] { "film/none.png" } }, "not_found");

        Assert.Equal(0, vendor.Submits);
    }

    [Fact]
    public async Task A_delivery_rests_on_an_approval_that_stands()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var plan = System.Text.Json.JsonDocument.Parse("""{"steps": [{"id": "a", "capability": "x-work", "approval": true}]}""").RootElement;
        var created = await house.Client.CallAsync("create_plan", new { workspace = "film", plan });
        var run = (await house.Client.CallAsync("start_run", new { plan_id = created.Text("plan_id") })).Text("run_id");
        var step = await house.Client.TakeAsync();
        await house.Client.CallAsync("put_asset", new { asset = "film/draft.txt", text = "a draft" });
        await house.Client.CompleteAsync(step, new { asset = "film/draft.txt@1" });

        await house.Client.RefusedAsync("generate_media", Delivery("film/draft.txt@1"), "not_approved");
        await house.Client.CallAsync("approve_step", new { run_id = run, step_id = "a", asset = "film/draft.txt@1", verdict = "approve" });
        var delivered = await house.Client.CallAsync("generate_media", Delivery("film/draft.txt@1"));
        await house.Client.CallAsync("put_asset", new { asset = "film/draft.txt", text = "another draft" });
        await house.Client.RefusedAsync("generate_media", Delivery("film/draft.txt@1", "film/again.txt"), "not_approved");

        Assert.Equal("done", delivered.Text("state"));
        Assert.Equal(1, vendor.Submits);

        static object Delivery(string promotes, string output = "film/delivered.txt") => new { model = "dear-words", prompt = "x", output, promotes };
    }

    [Fact]
    public async Task A_result_whose_place_was_taken_meanwhile_is_kept_beside_and_charged_as_waste()
    {
        var vendor = new ScriptedVendor();
        await using var house = await JobHouse.OpenAsync(vendor);
        var asked = await house.Client.CallAsync("generate_media", new { model = "words", prompt = "x", output = "film/a.txt", if_version = 0, idempotency_key = "k", wait_seconds = 0 });
        await house.Client.CallAsync("put_asset", new { asset = "film/a.txt", text = "somebody else's" });
        house.Start();

        var job = await house.UntilAsync(asked.Text("job_id"), JobState.Orphaned);

        Assert.Equal(("version_conflict", $"film/orphans/{job.JobId}.txt@1"), (job.Code, job.Asset));
        Assert.Equal("words of v1", await house.TextAsync(job.Asset!));
        Assert.Equal("somebody else's", await house.TextAsync("film/a.txt"));
        Assert.Equal(("version_conflict", JobHouse.Price), (Assert.Single(await house.ChargesAsync()).Waste, (await house.ChargesAsync())[0].CostMicros));
    }

    [Fact]
    public async Task No_more_is_sent_than_the_card_allows_at_once()
    {
        var (now, most, gate) = (0, 0, new Lock());
        var vendor = new ScriptedVendor
        {
            OnSubmit = (n, _, _) =>
            {
                lock (gate) most = Math.Max(most, Interlocked.Increment(ref now));
                return Task.FromResult(ScriptedVendor.Accepted($"v{n}"));
            },
            OnPoll = (_, job, _) =>
            {
                Interlocked.Decrement(ref now);
                return Task.FromResult(ScriptedVendor.Succeeded(job.VendorJobId));
            },
        };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => house.BuyAsync($"k{n}", $"film/{n}.txt", 45, "slow-words")));

        Assert.All(all, one => Assert.Equal("done", one.Text("state")));
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task No_more_is_sent_in_a_minute_than_the_card_allows()
    {
        var clock = new HandClock();
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor, time: clock)).Start();
        for (var n = 0; n < 7; n++) await house.BuyAsync($"k{n}", $"film/{n}.txt", 0, "rare-words");

        await SettleAsync(3);
        var first = vendor.Submits;
        clock.Advance(TimeSpan.FromSeconds(61));
        await SettleAsync(6);

        Assert.Equal((3, 6), (first, vendor.Submits));

        // Until so many were taken, and then for as long as one too many would need.
        async Task SettleAsync(int taken)
        {
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            for (var n = 0; n < 40; n += (await house.JobsAsync()).Count(job => job.State is not (JobState.Planned or JobState.Submitting)) >= taken || late.IsCancellationRequested ? 1 : 0)
            {
                house.House.Database.Signals.Raise(JobsTable.Channel);
                await Task.Delay(25);
            }
        }
    }

    [Fact]
    public async Task Sixty_four_callers_never_exceed_a_budget_and_what_was_not_bought_is_given_back()
    {
        var vendor = new ScriptedVendor { OnSubmit = (n, _, _) => Task.FromResult(n % 2 == 0 ? new(SubmissionClass.Rejected) { Code = "refused_content" } : ScriptedVendor.Accepted($"v{n}")) };
        await using var house = await JobHouse.OpenAsync(vendor);
        await house.Client.CallAsync("set_budget", new { workspace = "film", limit_micros = (10 * JobHouse.Price) + 1 });

        var asked = await Task.WhenAll(Enumerable.Range(0, 64).Select(n =>
            house.Client.RawAsync("generate_media", new { model = "words", prompt = "x", output = $"film/{n}.txt", idempotency_key = $"k{n}", wait_seconds = 0 })));
        var jobs = await house.JobsAsync();
        house.Start();
        foreach (var job in jobs) await house.UntilAsync(job.JobId, JobState.Done, JobState.Failed);
        var after = await house.Client.RawAsync("generate_media", new { model = "words", prompt = "x", output = "film/after.txt", idempotency_key = "after", wait_seconds = 0 });

        Assert.Equal(54, asked.Count(answer => answer.IsError == true && answer.StructuredContent!.Value.Text("code") == "budget_exceeded"));
        Assert.Equal(10, jobs.Count);
        Assert.Equal(5 * JobHouse.Price, (await house.ChargesAsync()).Sum(charge => charge.CostMicros));
        Assert.False(after.IsError ?? false);
    }
}
