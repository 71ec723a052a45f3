using System.Text.Json;
using ModelContextProtocol.Client;
using Pipeline.Tools.Locks;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Locks;

/// <summary>Standing in line. The hand-moved clock stands still unless a test says otherwise: whoever gets on was woken, not polling.</summary>
public sealed class WaitingTests
{
    private readonly HandClock _clock = new();

    [Fact]
    public async Task Waiters_are_served_in_the_order_in_which_they_came()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var holder = await house.ConnectAsync("holder");
        var held = await holder.AcquireAsync("film/a");
        var order = new List<int>();
        var waiting = new List<Task>();
        for (var n = 0; n < 12; n++)
        {
            var client = await house.ConnectAsync($"waiter{n}");
            waiting.Add(PassAsync(client, n));
            await house.QueuedAsync(n + 1);
        }

        await holder.ReleaseAsync(held);
        await Task.WhenAll(waiting);

        Assert.Equal(Enumerable.Range(0, 12), order);
        await house.QueuedAsync(0);

        async Task PassAsync(McpClient client, int number)
        {
            var mine = await client.AcquireAsync("film/a", wait: 45);
            order.Add(number); // guarded by the lock itself
            await client.ReleaseAsync(mine);
        }
    }

    [Fact]
    public async Task A_release_wakes_the_next_in_line_and_nobody_else()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var holder = await house.ConnectAsync("holder");
        var held = await holder.AcquireAsync("film/a");
        var waiting = new List<Task<JsonElement>>();
        for (var n = 0; n < 5; n++)
        {
            waiting.Add((await house.ConnectAsync($"waiter{n}")).AcquireAsync("film/a", wait: 45));
            await house.QueuedAsync(n + 1);
        }

        var queue = await house.Database.ReadAsync(
            query => LockWaitersTable.OnPathAsync(query, "film", "a", LockWaitersTable.Last, 10), CancellationToken.None);
        var tickets = queue.Select(waiter => house.Database.Signals.Ticket(waiter.Channel)).ToList();
        await holder.ReleaseAsync(held);
        await waiting[0];

        Assert.Equal([true, false, false, false, false], tickets.Select(ticket => ticket.IsCompleted));
        Assert.All(waiting.Skip(1), task => Assert.False(task.IsCompleted));
    }

    [Fact]
    public async Task Those_who_share_go_together_and_do_not_pass_a_writer()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var (reader, writer, late, later) = (
            await house.ConnectAsync("reader"), await house.ConnectAsync("writer"), await house.ConnectAsync("late"), await house.ConnectAsync("later"));
        var held = await reader.AcquireAsync("film/a", "shared");
        var writing = writer.AcquireAsync("film/a", wait: 45);
        await house.QueuedAsync(1);
        var error = await later.RefusedAsync("acquire_lock", new { asset = "film/a", mode = "shared" }, "lock_held");
        Task<JsonElement>[] sharing = [late.AcquireAsync("film/a", "shared", wait: 45), later.AcquireAsync("film/a", "shared", wait: 45)];
        await house.QueuedAsync(3);

        Assert.Equal("writer", error.GetProperty("facts").Text("holder"));
        Assert.Equal(2, error.GetProperty("facts").Number("queue_position"));
        await reader.ReleaseAsync(held);
        var written = await writing;
        await house.QueuedAsync(2);
        await writer.ReleaseAsync(written);
        var shared = await Task.WhenAll(sharing);
        Assert.All(shared, one => Assert.True(one.Number("token") > written.Number("token")));
    }

    [Fact]
    public async Task A_waiter_gets_the_lock_when_the_lease_in_its_way_runs_out()
    {
        await using var house = await LockHouse.OpenAsync();
        var (ada, bob) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"));
        var first = await ada.AcquireAsync("film/a", ttl: 1);

        var second = await bob.AcquireAsync("film/a", wait: 30);

        Assert.True(second.Number("token") > first.Number("token"));
        await ada.RefusedAsync("renew_lock", new { lock_id = first.Text("lock_id") }, "lock_lost");
    }

    [Fact]
    public async Task Whoever_waits_in_vain_is_told_its_place_and_leaves_the_queue()
    {
        await using var house = await LockHouse.OpenAsync();
        var (ada, bob, eve) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"), await house.ConnectAsync("eve"));
        await ada.AcquireAsync("film/a");
        var waiting = bob.AcquireAsync("film/a", wait: 45);
        await house.QueuedAsync(1);

        var error = await eve.RefusedAsync("acquire_lock", new { asset = "film/a", wait_seconds = 0.2 }, "lock_held");

        Assert.Equal(2, error.GetProperty("facts").Number("queue_position"));
        await house.QueuedAsync(1);
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task A_cancelled_call_leaves_no_ghost_in_the_queue()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var (ada, eve) = (await house.ConnectAsync("ada"), await house.ConnectAsync("eve"));
        var held = await ada.AcquireAsync("film/a", "shared");
        using var giveUp = new CancellationTokenSource();
        var cancelled = house.AcquireAsync("bob", "film/a", TimeSpan.FromSeconds(45), giveUp.Token);
        await house.QueuedAsync(1);
        var sharing = eve.AcquireAsync("film/a", "shared", wait: 45);
        await house.QueuedAsync(2);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.NotEqual(held.Number("token"), (await sharing).Number("token"));
        await house.QueuedAsync(0);
    }

    [Fact]
    public async Task A_client_that_cancels_its_request_leaves_the_queue()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var (ada, bob) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"));
        await ada.AcquireAsync("film/a");
        _ = bob.AcquireAsync("film/a", wait: 45).ContinueWith(gone => gone.Exception, TaskScheduler.Default);
        await house.QueuedAsync(1);

        await bob.SendNotificationAsync("notifications/cancelled", new ModelContextProtocol.Protocol.CancelledNotificationParams { RequestId = new(2) });

        await house.QueuedAsync(0);
    }

    [Fact]
    public async Task A_waiter_whose_process_died_is_passed_over()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var (ada, bob) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"));
        var held = await ada.AcquireAsync("film/a");
        await QueueGhostAsync(house);
        var waiting = bob.AcquireAsync("film/a", wait: 45);
        await house.QueuedAsync(2);
        await ada.ReleaseAsync(held);
        await ada.RefusedAsync("acquire_lock", new { asset = "film/a" }, "lock_held");

        while (!waiting.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.1));
            await Task.Delay(10);
        }

        Assert.Equal(held.Number("token") + 1, (await waiting).Number("token"));
    }

    [Fact]
    public async Task Calls_that_died_with_the_process_before_stand_in_nobodys_way()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-locks-");
        await using (var house = await LockHouse.OpenAsync(_clock, folder.FullName))
        {
            await QueueGhostAsync(house);
        }

        await using (var house = await LockHouse.OpenAsync(_clock, folder.FullName))
        {
            await house.QueuedAsync(0);
            Assert.Equal(1, (await (await house.ConnectAsync("bob")).AcquireAsync("film/a")).Number("token"));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_waiter_that_was_silent_for_a_while_keeps_its_place()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var (ada, bob, eve) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"), await house.ConnectAsync("eve"));
        var held = await ada.AcquireAsync("film/a");
        var first = bob.AcquireAsync("film/a", wait: 45);
        await house.QueuedAsync(1);

        // As when the whole machine stood still: time has passed, and nobody has come to say that it lives.
        await house.Database.TransactAsync(tx => tx.ExecuteAsync("update lock_waiters set alive_until_ms=alive_until_ms-20000"), CancellationToken.None);
        await ada.ReleaseAsync(held);
        var second = eve.AcquireAsync("film/a", wait: 45);
        var mine = await first;

        Assert.Equal(held.Number("token") + 1, mine.Number("token"));
        await bob.ReleaseAsync(mine);
        Assert.Equal(held.Number("token") + 2, (await second).Number("token"));
    }

    [Fact]
    public async Task A_repeated_call_with_the_same_key_shares_the_first_ones_lock()
    {
        await using var house = await LockHouse.OpenAsync();
        var (ada, bob) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"));
        var held = await ada.AcquireAsync("film/a");
        Task<JsonElement>[] waiting = [bob.AcquireAsync("film/a", wait: 45, key: "k"), bob.AcquireAsync("film/a", wait: 45, key: "k")];
        await house.QueuedAsync(2);
        await ada.ReleaseAsync(held);

        var both = await Task.WhenAll(waiting);

        Assert.Equal(both[0].Text("lock_id"), both[1].Text("lock_id"));
        await house.QueuedAsync(0);
    }

    [Fact]
    public async Task Several_are_waited_for_together()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var (ada, bob, eve) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"), await house.ConnectAsync("eve"));
        var (a, b) = (await ada.AcquireAsync("film/a"), await ada.AcquireAsync("film/b"));
        var both = bob.CallAsync("acquire_lock", new { assets = new[] { "film/b", "film/a" }, wait_seconds = 45 });
        await house.QueuedAsync(1);

        await ada.ReleaseAsync(a);
        await eve.RefusedAsync("acquire_lock", new { asset = "film/a" }, "lock_held");
        Assert.False(both.IsCompleted);
        await ada.ReleaseAsync(b);

        Assert.Equal(2, (await both).GetProperty("locks").GetArrayLength());
    }

    private static Task<long> QueueGhostAsync(House house) => house.Database.TransactAsync(tx => LockWaitersTable.InsertAsync(
        tx, new([Tools.Workspaces.AssetName.Parse("film/a")], false, LockMode.Exclusive, 60_000, null, "dead", "dead"), "wait_dead", "", tx.NowMs + 3000), CancellationToken.None);
}
