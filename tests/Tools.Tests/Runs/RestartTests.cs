using Pipeline.Tools.Contract;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Runs;

public sealed class RestartTests
{
    [Fact]
    public async Task A_run_goes_on_where_it_was_when_the_house_is_opened_again()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-again-");
        try
        {
            string run;
            await using (var house = await RunHouse.OpenAsync(folder: folder.FullName))
            {
                var worker = await house.WorkerAsync("ann");
                run = await house.StartAsync(
                    """
                    {"id": "a", "capability": "x-work"},
                    {"id": "b", "capability": "x-work", "needs": ["a"], "for_each": "${steps.a.outputs.list}", "inputs": {"it": "${item}"}},
                    {"id": "c", "capability": "x-work", "needs": ["b"], "inputs": {"all": "${steps.b.items[*].outputs.it}"}}
                    """);
                await worker.CompleteAsync(await worker.TakeAsync(), new { list = new[] { 1, 2 } });
                await worker.CompleteAsync(await worker.TakeAsync(), new { it = 10 });
                await worker.TakeAsync(); // and is gone with it
            }

            await using (var house = await RunHouse.OpenAsync(folder: folder.FullName))
            {
                var worker = await house.WorkerAsync("ann");
                var held = (await worker.CallAsync("resume_agent", new { })).GetProperty("steps_claimed")[0];
                Assert.Equal(("b[1]", 1), (held.Text("step_id"), held.GetProperty("generation").GetInt32()));
                Assert.True(held.GetProperty("seconds_left").GetDouble() > 0);
                await worker.CompleteAsync(held, new { it = 20 });
                var c = await worker.TakeAsync();
                Assert.Equal([10, 20], c.GetProperty("inputs").GetProperty("all").EnumerateArray().Select(one => one.GetInt32()));
                Assert.Equal("succeeded", (await worker.CompleteAsync(c)).Text("run_state"));
                Assert.Equal("succeeded", (await house.RunAsync(run)).Text("state"));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_sweeper_gives_back_what_nobody_holds_and_wakes_who_waits()
    {
        await using var house = await RunHouse.OpenAsync();
        var (gone, bob) = (await house.WorkerAsync("gone"), await house.WorkerAsync("bob"));
        await house.StartAsync("""{"id": "a", "capability": "x-work"}""");
        using var stop = new CancellationTokenSource();
        var sweeping = Task.WhenAll(house.House.Get<IEnumerable<IBackgroundWork>>().Select(work => work.RunAsync(stop.Token)));

        await gone.TakeAsync(lease: 1);
        var step = await bob.ClaimAsync(["x-work"], wait: 45);

        Assert.Equal(("a", 2), (step!.Value.Text("step_id"), step.Value.GetProperty("generation").GetInt32()));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sweeping);
    }
}
