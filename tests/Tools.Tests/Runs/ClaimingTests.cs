using System.Text.Json;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Runs;

public sealed class ClaimingTests
{
    private const string Chain = """{"id": "a", "capability": "x-work", "inputs": {"say": "${inputs.word}"}}, {"id": "b", "capability": "x-work", "needs": ["a"], "inputs": {"heard": "${steps.a.outputs.word}"}}""";

    [Fact]
    public async Task A_chain_runs_through_and_hands_its_results_on()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync(Chain, new { word = "go" });

        var a = await worker.TakeAsync();
        Assert.Equal(("a", 1, "go"), (a.Text("step_id"), a.GetProperty("generation").GetInt32(), a.GetProperty("inputs").Text("say")));
        Assert.Null(await worker.ClaimAsync(["x-work"]));
        Assert.Equal("succeeded", (await worker.CompleteAsync(a, new { word = "gone" })).Text("state"));
        var b = await worker.TakeAsync();
        Assert.Equal("gone", b.GetProperty("inputs").Text("heard"));
        Assert.Equal("succeeded", (await worker.CompleteAsync(b)).Text("run_state"));

        var shown = await house.RunAsync(run);
        Assert.Equal("succeeded", shown.Text("state"));
        Assert.Equal("ann", shown.GetProperty("steps")[0].Text("agent"));
        Assert.Equal("succeeded", shown.GetProperty("steps")[1].GetProperty("attempts")[0].Text("outcome"));
        Assert.True(shown.TryGetProperty("ended_at", out _));
    }

    [Fact]
    public async Task A_worker_that_waits_is_woken_when_a_step_is_released()
    {
        await using var house = await RunHouse.OpenAsync();
        var (ann, bob) = (await house.WorkerAsync("ann"), await house.WorkerAsync("bob"));
        await house.StartAsync(Chain, new { word = "go" });
        var a = await ann.TakeAsync();

        var waiting = bob.ClaimAsync(["x-work"], wait: 40);
        await ann.CompleteAsync(a, new { word = "gone" });

        Assert.Equal("b", (await waiting)!.Value.Text("step_id"));
    }

    [Fact]
    public async Task A_worker_without_a_workspace_takes_what_waits_longest_in_all_that_it_sees()
    {
        await using var house = await RunHouse.OpenAsync();
        var ann = await house.WorkerAsync("ann");
        await ann.CallAsync("create_workspace", new { workspace = "early" });
        var plan = JsonDocument.Parse("""{"steps": [{"id": "a", "capability": "x-work"}]}""").RootElement;
        var waiting = ann.CallAsync("claim_step", new { capabilities = new[] { "x-work" }, wait_seconds = 40 });
        await ann.CallAsync("start_run", new { plan_id = (await ann.CallAsync("create_plan", new { workspace = "early", plan })).Text("plan_id") });
        Assert.Equal("early", (await waiting).GetProperty("step").Text("workspace"));

        await house.StartAsync("""{"id": "a", "capability": "x-work"}""");
        var step = (await ann.CallAsync("claim_step", new { capabilities = new[] { "x-work" } })).GetProperty("step");
        Assert.NotEqual("early", step.Text("workspace"));
        await ann.CompleteAsync(step);
        Assert.Equal(JsonValueKind.Null, (await ann.CallAsync("claim_step", new { capabilities = new[] { "x-work" } })).TryGetProperty("step", out var none) ? none.ValueKind : JsonValueKind.Null);
    }

    [Fact]
    public async Task Two_workers_that_race_for_one_step_do_not_both_get_it()
    {
        await using var house = await RunHouse.OpenAsync();
        var (ann, bob) = (await house.WorkerAsync("ann"), await house.WorkerAsync("bob"));
        await house.StartAsync("""{"id": "a", "capability": "x-work"}""");

        var claims = await Task.WhenAll(ann.ClaimAsync(["x-work"]), bob.ClaimAsync(["x-work"]));

        Assert.Single(claims, claim => claim is not null);
    }

    [Fact]
    public async Task The_same_key_gets_the_same_claim_while_it_lives()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        await house.StartAsync("""{"id": "a", "capability": "x-work"}, {"id": "b", "capability": "x-work"}""");

        Assert.Null(await worker.ClaimAsync(["x-other"], key: "k0"));
        var first = await worker.ClaimAsync(["x-work"], key: "k1");
        var again = await worker.ClaimAsync(["x-work"], key: "k1");
        Assert.Equal(first!.Value.ToString(), again!.Value.ToString());
        await worker.RefusedAsync("claim_step", new { workspace = "film", capabilities = new[] { "x-other" }, idempotency_key = "k1" }, "idempotency_mismatch");

        await worker.CompleteAsync(first.Value);
        await worker.RefusedAsync("claim_step", new { workspace = "film", capabilities = new[] { "x-work" }, wait_seconds = 0.0, lease_seconds = 60.0, idempotency_key = "k1" }, "superseded");
    }

    [Fact]
    public async Task An_expired_claim_is_handed_out_again_and_the_zombie_changes_nothing()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var (zombie, bob) = (await house.WorkerAsync("zombie"), await house.WorkerAsync("bob"));
        var run = await house.StartAsync(Chain, new { word = "go" });
        var old = await zombie.TakeAsync(lease: 5);

        house.Clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Null(await bob.ClaimAsync(["x-work"]));
        house.Clock.Advance(TimeSpan.FromSeconds(0.2));
        var mine = await bob.TakeAsync();
        Assert.Equal(("a", 2), (mine.Text("step_id"), mine.GetProperty("generation").GetInt32()));
        var before = Steps(await house.RunAsync(run));

        await zombie.RefusedAsync("complete_step", WorkerCalls.Report(old, new { word = "late" }), "superseded");
        await zombie.RefusedAsync("fail_step", WorkerCalls.Failure(old), "superseded");
        await zombie.RefusedAsync("renew_step", new { run_id = run, step_id = "a", generation = 1 }, "superseded");
        // Somebody else's claim is not one's own, even with the right number.
        await zombie.RefusedAsync("complete_step", WorkerCalls.Report(mine, new { word = "mine" }), "superseded");
        Assert.Equal(before, Steps(await house.RunAsync(run)));

        await bob.CompleteAsync(mine, new { word = "good" });
        var shown = (await house.RunAsync(run)).GetProperty("steps")[0];
        Assert.Equal(["expired", "succeeded"], shown.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.Text("outcome")));

        static string Steps(JsonElement run) => run.GetProperty("steps").ToString() + run.GetProperty("totals").GetProperty("cost_micros");
    }

    [Fact]
    public async Task A_renewed_claim_lives_on_but_not_beyond_the_steps_timeout()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var (ann, bob) = (await house.WorkerAsync("ann"), await house.WorkerAsync("bob"));
        var run = await house.StartAsync("""{"id": "a", "capability": "x-work", "timeout_seconds": 20, "retry": {"max_attempts": 2, "backoff_seconds": 0}}""");
        var step = await ann.TakeAsync(lease: 8);

        foreach (var _ in Enumerable.Range(0, 3))
        {
            house.Clock.Advance(TimeSpan.FromSeconds(6));
            await ann.CallAsync("renew_step", new { run_id = run, step_id = "a", generation = 1, lease_seconds = 8 });
        }

        Assert.Null(await bob.ClaimAsync(["x-work"]));
        house.Clock.Advance(TimeSpan.FromSeconds(2.1));
        Assert.Equal(2, (await bob.TakeAsync()).GetProperty("generation").GetInt32());
        await ann.RefusedAsync("complete_step", WorkerCalls.Report(step), "superseded");
        Assert.Equal("timeout", (await house.RunAsync(run)).GetProperty("steps")[0].GetProperty("attempts")[0].Text("outcome"));
    }

    [Fact]
    public async Task A_write_that_names_a_superseded_claim_is_refused()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var (ann, bob) = (await house.WorkerAsync("ann"), await house.WorkerAsync("bob"));
        var run = await house.StartAsync("""{"id": "a", "capability": "x-work"}""");
        await ann.TakeAsync(lease: 5);
        object Put(long generation, string text) => new { asset = "film/out.txt", text, claim = new { run_id = run, step_id = "a", generation } };

        await ann.CallAsync("put_asset", Put(1, "one"));
        house.Clock.Advance(TimeSpan.FromSeconds(6));
        await bob.TakeAsync();
        await ann.RefusedAsync("put_asset", Put(1, "late"), "superseded");
        await ann.RefusedAsync("put_asset", Put(2, "another's"), "superseded");
        await bob.CallAsync("put_asset", Put(2, "two"));
    }

    [Fact]
    public async Task What_cannot_be_claimed_is_told()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");

        await worker.RefusedAsync("claim_step", new { workspace = "nowhere", capabilities = new[] { "x-work" } }, "not_found");
        await worker.RefusedAsync("claim_step", new { workspace = "film", capabilities = Array.Empty<string>() }, "invalid_argument");
        await worker.RefusedAsync("claim_step", new { workspace = "film", capabilities = new[] { "x-work" }, wait_seconds = 46 }, "invalid_argument");
        await worker.RefusedAsync("claim_step", new { workspace = "film", capabilities = new[] { "x-work" }, lease_seconds = 0.5 }, "invalid_argument");
        await worker.RefusedAsync("complete_step", new { run_id = "run_none", step_id = "a", generation = 1 }, "not_found");
        await worker.RefusedAsync("get_run", new { run_id = "run_none" }, "not_found");
        await worker.RefusedAsync("start_run", new { plan_id = "plan_none" }, "not_found");
    }

    [Fact]
    public async Task A_report_that_makes_no_sense_is_refused_and_can_be_made_again()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        await house.StartAsync("""{"id": "a", "capability": "x-work"}""");
        var step = await worker.TakeAsync();
        object Twice() => JsonDocument.Parse("""{"deep": {"x": 1, "x": 2}}""").RootElement;

        await worker.RefusedAsync("complete_step", WorkerCalls.Report(step, Twice()), "invalid_argument");
        await worker.RefusedAsync("complete_step", WorkerCalls.Report(step, "done"), "invalid_argument");
        await worker.RefusedAsync("complete_step", WorkerCalls.Report(step, new { skipped = "" }), "invalid_argument");
        await worker.RefusedAsync("complete_step", WorkerCalls.Report(step, metrics: new { sharpness = "very" }), "invalid_argument");
        await worker.RefusedAsync("fail_step", new { run_id = step.Text("run_id"), step_id = "a", generation = 1, error = new { message = "no code" } }, "invalid_argument");
        await worker.RefusedAsync("fail_step", WorkerCalls.Failure(step, code: ""), "invalid_argument");
        await worker.RefusedAsync("complete_step", new { run_id = step.Text("run_id"), step_id = "a", generation = 1, decision_id = "decision_none" }, "not_found");

        Assert.Equal("succeeded", (await worker.CompleteAsync(step, metrics: new { sharpness = (double?)null })).Text("state"));
    }
}
