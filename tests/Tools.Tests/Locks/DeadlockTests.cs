using System.Text.Json;
using ModelContextProtocol.Client;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Locks;

/// <summary>The clock stands still: a cycle is seen when it closes, not when someone gives up.</summary>
public sealed class DeadlockTests
{
    private readonly HandClock _clock = new();

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_cycle_is_reported_to_the_one_who_closes_it(int agents)
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var clients = new List<McpClient>();
        var held = new List<JsonElement>();
        for (var n = 0; n < agents; n++)
        {
            clients.Add(await house.ConnectAsync($"agent{n}"));
            held.Add(await clients[n].AcquireAsync($"film/{n}"));
        }

        var waiting = new List<Task<JsonElement>>();
        for (var n = 0; n < agents - 1; n++)
        {
            waiting.Add(clients[n].AcquireAsync($"film/{n + 1}", wait: 45));
            await house.QueuedAsync(n + 1);
        }

        var error = await clients[^1].RefusedAsync("acquire_lock", new { asset = "film/0", wait_seconds = 45 }, "deadlock");

        var cycle = error.GetProperty("facts").GetProperty("cycle").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(0, agents).Select(n => $"agent{n}").Prepend($"agent{agents - 1}").SkipLast(1), cycle.Select(edge => edge.Text("agent")));
        Assert.Equal(Enumerable.Range(0, agents).Select(n => $"film/{n}"), cycle.Select(edge => edge.Text("waits_for")));
        Assert.All(waiting, task => Assert.False(task.IsCompleted));
        await clients[^1].ReleaseAsync(held[^1]);
        await waiting[^1];
    }

    [Fact]
    public async Task A_queue_can_be_part_of_the_cycle()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var (ada, bob, eve) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"), await house.ConnectAsync("eve"));
        await ada.AcquireAsync("film/a", "shared");
        await bob.AcquireAsync("film/b");
        var writer = eve.AcquireAsync("film/a", wait: 45);
        await house.QueuedAsync(1);
        var waiting = ada.AcquireAsync("film/b", wait: 45);
        await house.QueuedAsync(2);

        var error = await bob.RefusedAsync("acquire_lock", new { asset = "film/a", mode = "shared", wait_seconds = 45 }, "deadlock");

        Assert.Equal(["bob", "eve", "ada"], error.GetProperty("facts").GetProperty("cycle").EnumerateArray().Select(edge => edge.Text("agent")));
        Assert.False(writer.IsCompleted || waiting.IsCompleted);
    }

    [Fact]
    public async Task Two_who_share_and_both_want_to_write_are_a_cycle()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var (ada, bob) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"));
        await ada.AcquireAsync("film/a", "shared");
        await bob.AcquireAsync("film/a", "shared");
        _ = ada.AcquireAsync("film/a", wait: 45).ContinueWith(late => late.Exception, TaskScheduler.Default);
        await house.QueuedAsync(1);

        await bob.RefusedAsync("acquire_lock", new { asset = "film/a", wait_seconds = 45 }, "deadlock");
    }

    [Fact]
    public async Task One_agents_own_calls_wait_for_each_other_like_anyone()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var (ada, bob) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"));
        var held = await ada.AcquireAsync("film/a");
        var others = bob.AcquireAsync("film/a", wait: 45);
        await house.QueuedAsync(1);
        var own = ada.AcquireAsync("film/a", wait: 45);
        await house.QueuedAsync(2);

        await ada.ReleaseAsync(held);
        await bob.ReleaseAsync(await others);
        await own;
    }
}
