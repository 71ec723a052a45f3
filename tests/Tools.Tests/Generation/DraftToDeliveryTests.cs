using System.Text.Json;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Generation;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>A run whose delivery rests on a draft that a human approves, when the draft's purchase is in doubt or is rejected.</summary>
public sealed class DraftToDeliveryTests
{
    private const string Steps = """
        {"id": "draft", "capability": "x-work", "approval": true, "retry": {"max_attempts": 3, "backoff_seconds": 0}},
        {"id": "deliver", "capability": "x-work", "needs": ["draft"], "inputs": {"draft": "${steps.draft.outputs.asset}"}}
        """;

    [Fact]
    public async Task A_draft_in_doubt_holds_its_money_and_is_delivered_from_once_someone_knows()
    {
        var vendor = new ScriptedVendor { OnSubmit = (n, _, _) => Task.FromResult(n == 1 ? new(SubmissionClass.Ambiguous) { Code = "timeout" } : ScriptedVendor.Accepted($"v{n}")) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var (human, run) = (await house.House.ConnectAsync("human", Role.Member), await StartAsync(house, 6 * JobHouse.Price));
        var draft = await house.Client.TakeAsync();
        var doubtful = await house.Client.CallAsync("generate_media", Order(draft, "words", "film/draft.txt"));
        Assert.Equal("ambiguous", doubtful.Text("state"));

        // It may have been bought: what is left is too little for another, and asking again buys nothing.
        await house.Client.CallAsync("set_budget", new { run_id = run, limit_micros = (6 * JobHouse.Price) - 1 });
        await house.Client.RefusedAsync("generate_media", Order(draft, "dear-words", "film/other.txt", key: "other"), "budget_exceeded");
        Assert.Equal(doubtful.Text("job_id"), (await house.Client.CallAsync("generate_media", Order(draft, "words", "film/draft.txt"))).Text("job_id"));
        Assert.Equal(1, vendor.Submits);
        await house.Client.CallAsync("set_budget", new { run_id = run, limit_micros = 6 * JobHouse.Price });

        await house.Client.CallAsync("resolve_job", new { job_id = doubtful.Text("job_id"), verdict = "running", vendor_job_id = "found" });
        await house.UntilAsync(doubtful.Text("job_id"), JobState.Done);
        await house.Client.CompleteAsync(draft, new { asset = "film/draft.txt@1" });
        Assert.Null(await house.Client.ClaimAsync(["x-work"])); // nobody has approved it yet
        await human.CallAsync("approve_step", new { run_id = run, step_id = "draft", asset = "film/draft.txt@1", verdict = "approve" });
        var deliver = await house.Client.TakeAsync();
        var delivered = await house.Client.CallAsync("generate_media", Order(deliver, "dear-words", "film/final.txt", promotes: deliver.GetProperty("inputs").Text("draft")));
        await house.Client.CompleteAsync(deliver, new { asset = "film/final.txt@1" });

        Assert.Equal("done", delivered.Text("state"));
        Assert.Equal("succeeded", (await house.Client.CallAsync("get_run", new { run_id = run })).Text("state"));
        Assert.Equal((2, 6 * JobHouse.Price), (vendor.Submits, (await house.Client.CallAsync("report_costs", new { run_id = run })).GetProperty("cost_micros").GetInt64()));
    }

    [Fact]
    public async Task A_rejected_draft_is_bought_anew_and_the_first_is_waste()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var (human, run) = (await house.House.ConnectAsync("human", Role.Member), await StartAsync(house, 100 * JobHouse.Price));
        var first = await house.Client.TakeAsync();
        await house.Client.CallAsync("generate_media", Order(first, "words", "film/draft.txt"));
        await house.Client.CompleteAsync(first, new { asset = "film/draft.txt@1" }, cost: JobHouse.Price);

        await human.CallAsync("approve_step", new { run_id = run, step_id = "draft", asset = "film/draft.txt@1", verdict = "reject" });
        var second = await house.Client.TakeAsync();
        var again = await house.Client.CallAsync("generate_media", Order(second, "words", "film/draft.txt"));
        await house.Client.CompleteAsync(second, new { asset = "film/draft.txt@2" }, cost: JobHouse.Price);

        Assert.Equal(("film/draft.txt@2", 2), (again.Text("asset"), vendor.Submits));
        var report = await house.Client.CallAsync("report_costs", new { run_id = run });
        Assert.Equal((2 * JobHouse.Price, JobHouse.Price), (report.GetProperty("cost_micros").GetInt64(), report.GetProperty("waste_micros").GetInt64()));
    }

    private static async Task<string> StartAsync(JobHouse house, long budget)
    {
        var plan = JsonDocument.Parse($$"""{"steps": [{{Steps}}]}""").RootElement;
        var created = await house.Client.CallAsync("create_plan", new { workspace = "film", plan });
        return (await house.Client.CallAsync("start_run", new { plan_id = created.Text("plan_id"), budget_micros = budget })).Text("run_id");
    }

    private static object Order(JsonElement step, string model, string output, string? key = null, string? promotes = null) => new
    {
        model, prompt = "x", output, wait_seconds = 45, idempotency_key = key, promotes,
        claim = new { run_id = step.Text("run_id"), step_id = step.Text("step_id"), generation = step.GetProperty("generation").GetInt64() },
    };
}
