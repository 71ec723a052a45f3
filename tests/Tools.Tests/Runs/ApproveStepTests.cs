using System.Text.Json;
using ModelContextProtocol.Client;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Runs;
using Pipeline.Tools.Tests.Serving;
using Role = Pipeline.Tools.Calls.Role;

namespace Pipeline.Tools.Tests.Runs;

/// <summary>Approvals over the tools: bound to a version, by another than the maker, and in the ledger.</summary>
public sealed class ApproveStepTests
{
    private const string Step = """{"id": "a", "capability": "x-work", "approval": true}, {"id": "b", "capability": "x-more", "needs": ["a"]}""";

    [Fact]
    public async Task A_human_approves_exactly_the_version_that_the_step_waits_with()
    {
        await using var house = await RunHouse.OpenAsync();
        var (worker, human) = (await house.WorkerAsync("worker"), await house.WorkerAsync("human"));
        var run = await house.StartAsync(Step);
        await DoneAsync(worker, "one", 40);

        Assert.Equal("a=waiting b=blocked", await house.StatesAsync(run));
        var waiting = (await human.CallAsync("resume_agent", new { })).GetProperty("approvals_waiting")[0];
        Assert.Equal(("film/a.txt@1", "worker", run), (waiting.Text("asset"), waiting.Text("made_by"), waiting.Text("run_id")));
        await worker.RefusedAsync("approve_step", Verdict(run, "film/a.txt@1"), "forbidden");
        await human.RefusedAsync("approve_step", Verdict(run, "film/a.txt@2"), "stale_version");
        await human.RefusedAsync("approve_step", Verdict(run, "film/a.txt"), "invalid_argument");
        await human.RefusedAsync("approve_step", Verdict(run, null), "invalid_argument");
        await human.RefusedAsync("approve_step", Verdict(run, "film/b.txt@1"), "invalid_argument");
        Assert.False(await IsApprovedAsync(house, 1));

        Assert.Equal("succeeded", (await human.CallAsync("approve_step", Verdict(run, "film/a.txt@1"))).Text("state"));

        Assert.Equal("succeeded", (await human.CallAsync("approve_step", Verdict(run, "film/a.txt@1"))).Text("state"));
        Assert.Equal("a=succeeded b=ready", await house.StatesAsync(run));
        Assert.True(await IsApprovedAsync(house, 1));
        await human.CallAsync("put_asset", new { asset = "film/a.txt", text = "moved" });
        Assert.False(await IsApprovedAsync(house, 1));
        Assert.False(await IsApprovedAsync(house, 2));
        Assert.Equal(["step.waiting_approval", "step.approved", "step.succeeded"], await KindsAsync(house, "a", "step.waiting_approval", "step.approved", "step.succeeded"));
    }

    [Fact]
    public async Task A_version_that_moved_cannot_be_approved_only_rejected_and_done_again_with_the_note()
    {
        await using var house = await RunHouse.OpenAsync();
        var (worker, human) = (await house.WorkerAsync("worker"), await house.WorkerAsync("human"));
        var run = await house.StartAsync(Step);
        await DoneAsync(worker, "one", 40);
        await human.CallAsync("put_asset", new { asset = "film/a.txt", text = "by hand" });
        var stale = await human.RefusedAsync("approve_step", Verdict(run, "film/a.txt@1"), "stale_version");
        Assert.Equal(2, stale.GetProperty("facts").GetProperty("current_version").GetInt64());

        Assert.Equal("ready", (await human.CallAsync("approve_step", Verdict(run, "film/a.txt@1", "reject", "brighter"))).Text("state"));

        var report = await house.Director.CallAsync("report_costs", new { run_id = run });
        Assert.Equal((40, 0, 40), (Micros(report, "cost"), Micros(report, "accepted"), Micros(report, "waste")));
        Assert.Equal("rejected", report.GetProperty("waste")[0].Text("reason"));
        Assert.Equal(1, report.GetProperty("totals")[0].GetProperty("charges").GetInt32());
        var again = await DoneAsync(worker, "two", 2);
        Assert.Equal("brighter", again.GetProperty("inputs").Text("note"));
        await human.CallAsync("approve_step", Verdict(run, "film/a.txt@3"));
        report = await house.Director.CallAsync("report_costs", new { run_id = run });
        Assert.Equal((42, 2, 40), (Micros(report, "cost"), Micros(report, "accepted"), Micros(report, "waste")));
        Assert.Equal(["film/a.txt@1 reject brighter", "film/a.txt@3 approve"], (await house.RunAsync(run)).GetProperty("approvals").EnumerateArray()
            .Select(each => $"{each.Text("asset")} {each.Text("verdict")} {(each.TryGetProperty("note", out var note) ? note.GetString() : "")}".Trim()));
        Assert.Equal(["rejected", "succeeded"], (await house.RunAsync(run)).GetProperty("steps")[0].GetProperty("attempts").EnumerateArray().Select(attempt => attempt.Text("outcome")));
        Assert.Equal(["step.waiting_approval", "step.rejected", "step.ready", "step.waiting_approval", "step.approved"],
            await KindsAsync(house, "a", "step.waiting_approval", "step.approved", "step.rejected", "step.ready", skip: 1));
    }

    [Fact]
    public async Task A_budget_asks_a_human_about_dear_calls()
    {
        await using var house = await RunHouse.OpenAsync();
        var (worker, human) = (await house.WorkerAsync("worker"), await house.WorkerAsync("human"));
        var run = await house.StartAsync(Step, budget: 1_000);
        await worker.TakeAsync();
        await house.Director.CallAsync("set_budget", new { run_id = run, limit_micros = 1_000, approve_above_micros = 100 });
        await Assert.ThrowsAsync<ApprovalRequiredError>(() => ReserveAsync(house, run, 101));
        await ReserveAsync(house, run, 100);
        await worker.RefusedAsync("approve_step", Verdict(run, null), "forbidden");

        await human.CallAsync("approve_step", Verdict(run, null));

        await ReserveAsync(house, run, 101);
        await human.CallAsync("approve_step", Verdict(run, null, "reject"));
        await Assert.ThrowsAsync<ApprovalRequiredError>(() => ReserveAsync(house, run, 101));
    }

    [Fact]
    public async Task A_leave_is_for_a_sum_in_all_and_ends_after_a_week()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var (worker, human) = (await house.WorkerAsync("worker"), await house.WorkerAsync("human"));
        var run = await house.StartAsync(Step, budget: 10_000);
        await worker.TakeAsync(lease: 3600);
        await house.Director.CallAsync("set_budget", new { run_id = run, limit_micros = 10_000, approve_above_micros = 100 });
        await human.CallAsync("approve_step", new { run_id = run, step_id = "a", verdict = "approve", up_to_micros = 500 });

        await ReserveAsync(house, run, 300);
        await Assert.ThrowsAsync<LeaveExceededError>(() => ReserveAsync(house, run, 201));
        await ReserveAsync(house, run, 200);
        await human.CallAsync("approve_step", new { run_id = run, step_id = "a", verdict = "approve", up_to_micros = 800 });
        await ReserveAsync(house, run, 300);

        await human.CallAsync("approve_step", new { run_id = run, step_id = "a", verdict = "approve" });
        await ReserveAsync(house, run, 1_000);
        house.Clock.Advance(TimeSpan.FromDays(7));
        await Assert.ThrowsAsync<ApprovalRequiredError>(() => ReserveAsync(house, run, 101));
        await human.CallAsync("approve_step", new { run_id = run, step_id = "a", verdict = "approve" }); // the same words again are a new leave now
        await ReserveAsync(house, run, 101);
        await human.RefusedAsync("approve_step", new { run_id = run, step_id = "a", verdict = "reject", up_to_micros = 5 }, "invalid_argument");
        await human.RefusedAsync("approve_step", new { run_id = run, step_id = "a", verdict = "approve", up_to_micros = -1 }, "invalid_argument");
        Assert.Equal(500, (await house.RunAsync(run)).GetProperty("approvals")[0].GetProperty("up_to_micros").GetInt64());
    }

    [Fact]
    public async Task What_a_worker_reports_counts_against_the_runs_budget()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("worker");
        var run = await house.StartAsync("""{"id": "a", "capability": "x-work"}, {"id": "b", "capability": "x-work"}""", budget: 100);
        await worker.CompleteAsync(await worker.TakeAsync(), cost: 70);
        var refused = await Assert.ThrowsAsync<BudgetExceededError>(() => ReserveAsync(house, run, 31));
        Assert.Contains($"run:{run}", refused.Message, StringComparison.Ordinal);
        await ReserveAsync(house, run, 30);

        var lowered = (await house.Director.CallAsync("set_budget", new { run_id = run, limit_micros = 50 })).GetProperty("budget");
        Assert.Equal((50, 70, 30, 0), (Micros(lowered, "limit"), Micros(lowered, "spent"), Micros(lowered, "reserved"), Micros(lowered, "left")));
        await Assert.ThrowsAsync<BudgetExceededError>(() => ReserveAsync(house, run, 1));
    }

    [Fact]
    public async Task Budgets_are_set_by_admins_who_see_what_they_cover()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var day = (await house.Director.CallAsync("set_budget", new { workspace = "film", limit_micros = 5, period = "day" })).GetProperty("budget");
        Assert.Equal(("workspace:film", "day", "2030-03-18T00:00:00+00:00"), (day.Text("name"), day.Text("period"), day.Text("period_ends_at")));
        await (await house.WorkerAsync("member")).RefusedAsync("set_budget", new { workspace = "film", limit_micros = 5 }, "forbidden");
        var other = await house.House.ConnectAsync("other", Role.Admin, ["elsewhere"]);
        await other.RefusedAsync("set_budget", new { workspace = "film", limit_micros = 5 }, "not_found");
        await other.RefusedAsync("set_budget", new { provider = "fal", limit_micros = 5 }, "forbidden");
        await house.Director.RefusedAsync("set_budget", new { limit_micros = 5 }, "invalid_argument");
        await house.Director.RefusedAsync("set_budget", new { limit_micros = 5, agent = "a", provider = "b" }, "invalid_argument");
        await house.Director.RefusedAsync("set_budget", new { limit_micros = 5, agent = "a", step_id = "b" }, "invalid_argument");
        await house.Director.RefusedAsync("set_budget", new { limit_micros = -5, agent = "a" }, "invalid_argument");
        await house.Director.RefusedAsync("set_budget", new { limit_micros = 5, run_id = "run_none" }, "not_found");
    }

    private static async Task<JsonElement> DoneAsync(McpClient worker, string text, long cost)
    {
        var step = await worker.TakeAsync();
        var claim = new { run_id = step.Text("run_id"), step_id = step.Text("step_id"), generation = step.GetProperty("generation").GetInt64() };
        var made = await worker.CallAsync("put_asset", new { asset = "film/a.txt", text, claim });
        await worker.CompleteAsync(step, new { asset = $"film/a.txt@{made.GetProperty("version").GetInt64()}" }, cost: cost);
        return step;
    }

    private static object Verdict(string run, string? asset, string verdict = "approve", string? note = null) => new { run_id = run, step_id = "a", asset, verdict, note };

    private static Task<bool> IsApprovedAsync(RunHouse house, long version) =>
        house.House.Database.ReadAsync(query => ApprovalsTable.IsApprovedAsync(query, "film/a.txt", version), CancellationToken.None);

    private static Task<string> ReserveAsync(RunHouse house, string run, long bound) => house.House.Database.TransactAsync(
        "film", tx => house.House.Get<Purse>().ReserveAsync(tx, new("film", run, "a", "worker", "worker", "fal", "m", "intent", 1), bound), CancellationToken.None);

    private static async Task<List<string>> KindsAsync(RunHouse house, string step, string first, string second, string third, string? fourth = null, int skip = 0)
    {
        var events = await house.Director.CallAsync("wait_events", new { workspace = "film", since = 0, kinds = new[] { first, second, third, fourth }.OfType<string>() });
        return [.. events.GetProperty("events").EnumerateArray().Where(each => each.GetProperty("data").Text("step_id") == step).Select(each => each.Text("kind")).Skip(skip)];
    }

    private static long Micros(JsonElement of, string name) => of.GetProperty(name + "_micros").GetInt64();
}
