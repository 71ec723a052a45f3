using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Runs;

/// <summary>Every reported charge stands in the ledger, accepted or as waste.</summary>
public sealed class LedgerTests
{
    [Fact]
    public async Task Accepted_failed_and_superseded_costs_make_up_the_runs()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        var (ann, bob) = (await house.WorkerAsync("ann"), await house.WorkerAsync("bob"));
        var run = await house.StartAsync("""{"id": "a", "capability": "x-work", "retry": {"max_attempts": 3, "backoff_seconds": 0}}, {"id": "b", "capability": "x-work", "needs": ["a"]}""");

        await ann.FailAsync(await ann.TakeAsync(), cost: 7);
        var late = await ann.TakeAsync(lease: 5);
        house.Clock.Advance(TimeSpan.FromSeconds(6));
        var good = await bob.TakeAsync();
        await bob.CompleteAsync(good, cost: 100, model: "m1");
        // The same report again, and the zombie's, twice: each is charged once.
        await bob.CompleteAsync(good, cost: 100, model: "m1");
        await ann.RefusedAsync("complete_step", WorkerCalls.Report(late, cost: 30), "superseded");
        await ann.RefusedAsync("complete_step", WorkerCalls.Report(late, cost: 30), "superseded");
        await bob.CompleteAsync(await bob.TakeAsync(), cost: 5);

        var report = await house.Director.CallAsync("report_costs", new { run_id = run });
        Assert.Equal((142, 105, 37), (Micros(report, "cost"), Micros(report, "accepted"), Micros(report, "waste")));
        Assert.Equal(["broken", "superseded"], report.GetProperty("waste").EnumerateArray().Select(charge => charge.Text("reason")));
        var totals = (await house.RunAsync(run)).GetProperty("totals");
        Assert.Equal((142, 37), (Micros(totals, "cost"), Micros(totals, "waste")));
        Assert.Equal([7, 30, 100], (await house.RunAsync(run)).GetProperty("steps")[0].GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("cost_micros").GetInt32()));
        await bob.RefusedAsync("complete_step", WorkerCalls.Report(good, cost: -1), "invalid_argument");

        static long Micros(System.Text.Json.JsonElement of, string name) => of.GetProperty(name + "_micros").GetInt64();
    }
}
