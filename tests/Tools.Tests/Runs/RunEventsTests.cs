using Pipeline.Tools.Events;

namespace Pipeline.Tools.Tests.Runs;

public sealed class RunEventsTests
{
    [Fact]
    public async Task What_happens_to_a_run_is_told_in_its_order()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync("""{"id": "a", "capability": "x-work"}, {"id": "b", "capability": "x-work", "needs": ["a"]}""");
        await worker.CompleteAsync(await worker.TakeAsync());
        await worker.FailAsync(await worker.TakeAsync(), retryable: false);

        var events = await house.House.Database.ReadAsync(query => EventsTable.AfterAsync(query, "film", 0, null, 100), CancellationToken.None);

        Assert.Equal(
            ["run.started", "step.ready", "step.claimed", "step.succeeded", "step.ready", "step.claimed", "step.failed", "run.failed"],
            events.Where(happened => happened.Subject == run).Select(happened => happened.Kind));
    }
}
