using System.Text.Json;
using Pipeline.Tools.Generation;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>A step's money is spent while its worker is at it: not before its leave, not after its end, and not into another workspace.</summary>
public sealed class StepSpendingTests
{
    [Fact]
    public async Task A_run_that_was_cancelled_spends_nothing_more()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var run = await StartAsync(house);
        await house.Client.TakeAsync();
        await house.Client.CallAsync("control_run", new { run_id = run, action = "cancel" });

        await house.Client.RefusedAsync("generate_media", Order(run), "invalid_state");

        Assert.Equal(0, vendor.Submits);
    }

    [Fact]
    public async Task A_step_that_waits_for_the_leave_to_spend_spends_nothing()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var run = await StartAsync(house, """{"id": "a", "capability": "generate_text", "models": ["dear-words"], "inputs": {"prompt": "x", "output": "film/a.txt"}, "approval": {"above_micros": 10}}""");
        Assert.Equal("waiting", (await house.Client.CallAsync("get_run", new { run_id = run })).GetProperty("steps")[0].Text("state"));

        await house.Client.RefusedAsync("generate_media", Order(run, model: "dear-words"), "invalid_state");

        Assert.Equal(0, vendor.Submits);
    }

    [Fact]
    public async Task Another_principal_does_not_spend_on_a_step_that_it_did_not_claim()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var run = await StartAsync(house);
        await house.Client.TakeAsync();
        var mallory = await house.House.ConnectAsync("mallory", Pipeline.Tools.Calls.Role.Member);

        await mallory.RefusedAsync("generate_media", Order(run), "invalid_state");
        var mine = await house.Client.CallAsync("generate_media", Order(run));

        Assert.Equal("done", mine.Text("state"));
        Assert.Equal(1, vendor.Submits);
    }

    [Fact]
    public async Task What_a_run_buys_lies_in_its_workspace_so_that_its_report_holds_all_of_it()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        await house.Client.CallAsync("create_workspace", new { workspace = "elsewhere", auto_index = false });
        var run = await StartAsync(house);
        await house.Client.TakeAsync();

        await house.Client.RefusedAsync("generate_media", Order(run, output: "elsewhere/a.txt"), "invalid_argument");

        Assert.Equal(0, vendor.Submits);
    }

    [Fact]
    public async Task Whoever_gave_the_leave_to_spend_does_not_spend_it()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var run = await StartAsync(house);
        await house.Client.CallAsync("set_budget", new { run_id = run, limit_micros = 100_000, approve_above_micros = 10 });
        var (ann, human) = (await house.House.ConnectAsync("ann", Pipeline.Tools.Calls.Role.Member), await house.House.ConnectAsync("human", Pipeline.Tools.Calls.Role.Member));
        await ann.CallAsync("approve_step", new { run_id = run, step_id = "a", verdict = "approve" }); // before she is its worker
        await ann.TakeAsync();

        await ann.RefusedAsync("generate_media", Order(run), "forbidden");
        await human.CallAsync("approve_step", new { run_id = run, step_id = "a", verdict = "approve" });
        var bought = await ann.CallAsync("generate_media", Order(run));

        Assert.Equal("done", bought.Text("state"));
        Assert.Equal(1, vendor.Submits);
    }

    [Fact]
    public async Task What_comes_after_the_end_of_a_step_that_was_only_named_is_waste_and_strangers_do_not_meddle()
    {
        var come = new TaskCompletionSource();
        var vendor = new ScriptedVendor { OnFetch = async (_, _, cancellation) => { await come.Task.WaitAsync(cancellation); return new(true); } };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var run = await StartAsync(house);
        await house.Client.TakeAsync();
        var order = new { model = "words", prompt = "x", output = "film/a.txt", run_id = run, step_id = "a", wait_seconds = 0 };
        var job = (await house.Client.CallAsync("generate_media", order)).Text("job_id");
        await house.UntilAsync(job, JobState.Fetching);
        var mallory = await house.House.ConnectAsync("mallory", Pipeline.Tools.Calls.Role.Member);
        var seen = await mallory.CallAsync("generate_media", new { order.model, order.prompt, order.output, order.run_id, order.step_id, order.wait_seconds, if_version = 0 });
        Assert.Equal(job, seen.Text("job_id"));
        Assert.DoesNotContain("mallory", (await house.JobAsync(job)).Terms, StringComparison.Ordinal);

        await house.Client.CallAsync("control_run", new { run_id = run, action = "cancel" });
        come.SetResult();
        var over = await house.UntilAsync(job, JobState.Orphaned, JobState.Done);

        Assert.Equal((JobState.Orphaned, "superseded"), (over.State, Assert.Single(await house.ChargesAsync()).Waste));
    }

    private static async Task<string> StartAsync(JobHouse house, string step = """{"id": "a", "capability": "x-work"}""")
    {
        var plan = JsonDocument.Parse($$"""{"steps": [{{step}}]}""").RootElement;
        var created = await house.Client.CallAsync("create_plan", new { workspace = "film", plan });
        return (await house.Client.CallAsync("start_run", new { plan_id = created.Text("plan_id") })).Text("run_id");
    }

    private static object Order(string run, string output = "film/a.txt", string model = "words") => new { model, prompt = "x", output, run_id = run, step_id = "a" };
}
