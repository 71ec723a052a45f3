using System.Text;
using System.Text.Json;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Generation;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>What happens to a purchase at the same time from several sides: one outcome, one charge, and no money held at the end.</summary>
public sealed class PurchaseRacesTests
{
    private static readonly Dictionary<string, string> Signed = new() { ["x-secret"] = ScriptedVendor.Secret };

    [Fact]
    public async Task A_cancelled_run_holds_no_money_whenever_its_order_came()
    {
        var vendor = new ScriptedVendor { OnSubmit = async (n, _, cancellation) => { await Task.Delay(n % 3 * 5, cancellation); return n % 4 == 0 ? new(SubmissionClass.Rejected) { Code = "no" } : ScriptedVendor.Accepted($"v{n}"); } };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        await house.Client.CallAsync("set_budget", new { workspace = "film", limit_micros = 1_000 * JobHouse.Price });
        var (bought, late) = (0, 0);
        for (var n = 0; n < 24; n++)
        {
            var run = await StartAsync(house);
            var step = await house.Client.TakeAsync();
            var order = new { model = "words", prompt = "x", output = $"film/{n}.txt", wait_seconds = 0, claim = Claim(step) };
            var pause = n % 6 * 4;
            var asked = house.Client.RawAsync("generate_media", order);
            await Task.Delay(pause);
            await house.Client.CallAsync("control_run", new { run_id = run, action = "cancel" });
            var answer = await asked;
            if (answer.IsError == true) Assert.Contains(answer.StructuredContent!.Value.Text("code"), new[] { "superseded", "invalid_state" });
            _ = answer.IsError == true ? late++ : bought++;
        }

        foreach (var job in await house.JobsAsync()) await house.UntilAsync(job.JobId, JobState.Cancelled, JobState.Orphaned, JobState.Done, JobState.Failed);
        var budget = (await house.Client.CallAsync("set_budget", new { workspace = "film", limit_micros = 1_000 * JobHouse.Price })).GetProperty("budget");
        Assert.Equal(24, bought + late);
        Assert.Equal(0, budget.GetProperty("reserved_micros").GetInt64());
        Assert.Equal((await house.ChargesAsync()).Sum(charge => charge.CostMicros), budget.GetProperty("spent_micros").GetInt64());
        Assert.All(await house.JobsAsync(), job => Assert.True(job.Sends <= 1));
    }

    [Fact]
    public async Task An_answer_a_webhook_and_a_human_at_once_charge_once()
    {
        for (var n = 0; n < 8; n++)
        {
            var answer = new TaskCompletionSource<Submission>();
            var vendor = new ScriptedVendor { OnSubmit = (_, _, cancellation) => answer.Task.WaitAsync(cancellation) };
            await using var house = (await JobHouse.OpenAsync(vendor, options: new() { Lease = TimeSpan.FromSeconds(60), StopGrace = TimeSpan.Zero })).Start();
            var id = (await house.BuyAsync("one", wait: 0)).Text("job_id");
            var sent = await house.UntilAsync(id, JobState.Submitting);
            // Another node took it for lost: it is ambiguous while its answer is still on the way.
            await house.House.Database.TransactAsync("film", async tx =>
            {
                var job = (await JobsTable.HoldAsync(tx, id, sent.Generation))!;
                await house.House.Get<JobBook>().ApplyAsync(tx, job, new JobSenderLost());
                return true;
            }, default);
            Assert.Equal(JobState.Ambiguous, (await house.JobAsync(id)).State);

            await Task.WhenAll(
                Task.Run(() => answer.SetResult(ScriptedVendor.Accepted("v"))),
                Task.Run(() => house.Client.RawAsync("resolve_job", new { job_id = id, verdict = n % 2 == 0 ? "billed" : "not_billed" })),
                Task.Run(() => house.House.Get<VendorHooks>().TakeAsync("scripted", Signed, Encoding.UTF8.GetBytes($$"""{"id": "v", "done": true, "delivery": "d{{n}}"}"""), id, default)));
            var over = await house.UntilAsync(id, JobState.Done, JobState.Failed);

            Assert.True((await house.ChargesAsync()).Count <= 1);
            Assert.Equal(over.Billing == JobBilling.Billed ? JobHouse.Price : 0, (await house.ChargesAsync()).Sum(charge => charge.CostMicros));
        }
    }

    [Fact]
    public async Task Items_that_share_an_output_buy_one_each_and_every_result_is_a_version()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        await StartAsync(house, """{"id": "a", "capability": "x-work", "for_each": [1, 2, 3]}""");
        var items = new List<JsonElement>();
        for (var n = 0; n < 3; n++) items.Add(await house.Client.TakeAsync());

        var bought = await Task.WhenAll(items.Select(item => house.Client.CallAsync("generate_media", new { model = "words", prompt = "x", output = "film/same.txt", wait_seconds = 45, idempotency_key = "same", claim = Claim(item) })));

        Assert.Equal(3, bought.Select(one => one.Text("job_id")).Distinct().Count());
        Assert.Equal(["film/same.txt@1", "film/same.txt@2", "film/same.txt@3"], bought.Select(one => one.Text("asset")).Order());
        Assert.Equal(3, (await house.ChargesAsync()).Count);
    }

    [Fact]
    public async Task Nothing_of_another_workspace_is_seen_or_changed()
    {
        var vendor = new ScriptedVendor { OnSubmit = (_, _, _) => Task.FromResult(new Submission(SubmissionClass.Ambiguous)) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        await house.Client.CallAsync("create_workspace", new { workspace = "elsewhere", auto_index = false });
        var run = await StartAsync(house);
        var lost = await house.BuyAsync("one");
        var stranger = await house.House.ConnectAsync("stranger", Role.Admin, ["elsewhere"]);
        var reader = await house.House.ConnectAsync("reader", Role.Reader);

        await stranger.RefusedAsync("resolve_job", new { job_id = lost.Text("job_id"), verdict = "billed" }, "not_found");
        await stranger.RefusedAsync("list_jobs", new { workspace = "film" }, "not_found");
        Assert.Empty((await stranger.CallAsync("list_jobs", new { workspace = "elsewhere", run_id = run })).GetProperty("jobs").EnumerateArray());
        await stranger.RefusedAsync("report_costs", new { run_id = run }, "not_found");
        await stranger.RefusedAsync("report_metrics", new { run_id = run }, "not_found");
        await stranger.RefusedAsync("approve_step", new { run_id = run, step_id = "a", verdict = "approve" }, "not_found");
        await stranger.RefusedAsync("set_budget", new { run_id = run, limit_micros = 1 }, "not_found");
        await stranger.RefusedAsync("generate_media", new { model = "words", prompt = "x", output = "elsewhere/a.txt", run_id = run, step_id = "a" }, "not_found");
        await stranger.RefusedAsync("generate_media", new { model = "words", prompt = "x", output = "elsewhere/a.txt", references = new[] { "film/out.txt" } }, "not_found");
        await stranger.RefusedAsync("generate_media", new { model = "words", prompt = "x", output = "elsewhere/a.txt", promotes = "film/out.txt@1" }, "not_found");
        Assert.DoesNotContain(lost.Text("job_id"), (await stranger.CallAsync("resume_agent", new { })).GetRawText(), StringComparison.Ordinal);
        foreach (var (tool, arguments) in new (string, object)[]
        {
            ("generate_media", new { model = "words", prompt = "x", output = "film/a.txt" }), ("set_budget", new { workspace = "film", limit_micros = 1 }), ("approve_step", new { run_id = run, step_id = "a", verdict = "approve" }),
            ("set_traffic", new { capability = "generate_text" }), ("resolve_job", new { job_id = lost.Text("job_id"), verdict = "billed" }), ("transfer_ownership", new { organization = "default", to = "x" }),
        })
        {
            await reader.RefusedAsync(tool, arguments, "forbidden");
        }

        Assert.Equal(JobState.Ambiguous, (await house.JobAsync(lost.Text("job_id"))).State);
    }

    [Fact]
    public async Task What_is_too_much_is_refused_by_name()
    {
        await using var house = await JobHouse.OpenAsync(new ScriptedVendor());
        Task<JsonElement> Refused(object order) => house.Client.RefusedAsync("generate_media", order, "invalid_argument");

        await Refused(new { model = "words", prompt = new string('x', 100_001), output = "film/a.txt" });
        await Refused(new { model = "words", prompt = "x", output = "film/a.txt", parameters = new { x = new string('x', 64_001) } });
        await house.Client.CallAsync("put_asset", new { asset = "film/r.png", text = "r" });
        await Refused(new { model = "words", prompt = "x", output = "film/a.txt", references = Enumerable.Repeat("film/r.png", 33) });
        await Refused(new { model = "words", prompt = "x", output = "film/a.txt", references = new string?[] { null } });
        await Refused(new { model = "words", prompt = "x", output = "film/a.txt", run_id = "run_1" });
        await Refused(new { model = "words", prompt = "x", output = "film/a.txt", patience_seconds = -1 });
        await Refused(new { model = "words", prompt = "x", output = "film/../a.txt" });
        await Refused(new { model = "words", prompt = "x", output = "film/a.txt@3" });
        await house.Client.RefusedAsync("list_jobs", new { workspace = "film", cursor = "9223372036854775808.x" }, "invalid_argument");
        await house.Client.RefusedAsync("list_jobs", new { workspace = "film", limit = 101 }, "invalid_argument");
        Assert.Empty(await house.JobsAsync());
    }

    private static object Claim(JsonElement step) => new { run_id = step.Text("run_id"), step_id = step.Text("step_id"), generation = step.GetProperty("generation").GetInt64() };

    private static async Task<string> StartAsync(JobHouse house, string step = """{"id": "a", "capability": "x-work"}""")
    {
        var plan = JsonDocument.Parse($$"""{"steps": [{{step}}]}""").RootElement;
        var created = await house.Client.CallAsync("create_plan", new { workspace = "film", plan });
        return (await house.Client.CallAsync("start_run", new { plan_id = created.Text("plan_id") })).Text("run_id");
    }
}
