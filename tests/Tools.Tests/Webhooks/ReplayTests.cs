using Pipeline.Tools.Contract;
using Pipeline.Tools.Tests.Serving;
using Pipeline.Tools.Webhooks;

namespace Pipeline.Tools.Tests.Webhooks;

public sealed class ReplayTests
{
    private static readonly WebhookOptions Once = new() { Schedule = [TimeSpan.FromMilliseconds(100)], DisableAfter = TimeSpan.FromDays(400) };

    [Fact]
    public async Task The_dead_of_a_time_range_are_sent_again_under_their_old_ids()
    {
        var (clock, listens) = (new HandClock(), false);
        await using var receiver = await Receiver.StartAsync(_ => listens ? 200 : 500);
        await using var sending = (await Sending.OpenAsync([receiver], Once, clock)).Start();
        var subscription = (await sending.SubscribeAsync(receiver, "*")).GetProperty("subscription_id").GetString()!;
        var (ids, times) = (new List<string>(), new List<DateTimeOffset>());
        for (var i = 0; i < 4; i++)
        {
            times.Add(clock.GetUtcNow());
            ids.Add(await sending.NotifyAsync(subscription, new { i }));
            await DieAsync(sending, clock, ids[i]);
            clock.Advance(TimeSpan.FromHours(1));
        }

        listens = true;
        var replay = new { subscription_id = subscription, since = times[1].ToString("O"), until = times[3].ToString("O"), idempotency_key = "again" };
        var replayed = await sending.Client.CallAsync("replay_delivery", replay);
        await sending.UntilAsync(ids[1], "delivered");
        await sending.UntilAsync(ids[2], "delivered");
        var same = await sending.Client.CallAsync("replay_delivery", replay);
        var list = await sending.Client.CallAsync("list_deliveries", new { subscription_id = subscription, state = "dead" });
        var rest = await sending.Client.CallAsync("replay_delivery", new { subscription_id = subscription });
        await sending.UntilAsync(ids[0], "delivered");
        await sending.UntilAsync(ids[3], "delivered");
        var delivered = await sending.Client.CallAsync("replay_delivery", new { subscription_id = subscription, state = "delivered", since = times[3].ToString("O") });

        Assert.Equal(2, replayed.GetProperty("count").GetInt64());
        Assert.False(replayed.GetProperty("more").GetBoolean());
        Assert.Equal(replayed.ToString(), same.ToString());
        Assert.Equal([ids[3], ids[0]], list.GetProperty("deliveries").EnumerateArray().Select(one => one.GetProperty("delivery_id").GetString()!));
        Assert.Equal(2, rest.GetProperty("count").GetInt64());
        Assert.Equal(1, delivered.GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task Ten_thousand_are_sent_again_in_one_call()
    {
        const int Many = 10_050, Limit = 10_000;
        await using var receiver = await Receiver.StartAsync(_ => 200);
        await using var sending = await Sending.OpenAsync([receiver]);
        var subscription = (await sending.SubscribeAsync(receiver, "*")).GetProperty("subscription_id").GetString()!;
        await sending.House.Database.TransactAsync(async tx =>
        {
            for (var i = 0; i < Many; i++)
            {
                await DeliveriesTable.InsertAsync(tx, new()
                {
                    DeliveryId = $"msg_{i:00000}", SubscriptionId = subscription, Workspace = "film", EventCursor = i + 1, Kind = "shot.ready", Body = "{}",
                    State = DeliveryState.Dead, CreatedAtMs = tx.NowMs, EndedAtMs = tx.NowMs, DueAtMs = tx.NowMs,
                });
            }

            return true;
        }, CancellationToken.None);

        var first = await sending.Client.CallAsync("replay_delivery", new { subscription_id = subscription });
        var second = await sending.Client.CallAsync("replay_delivery", new { subscription_id = subscription });
        var third = await sending.Client.CallAsync("replay_delivery", new { subscription_id = subscription });
        sending.Start();

        Assert.Equal((Limit, true), (first.GetProperty("count").GetInt32(), first.GetProperty("more").GetBoolean()));
        Assert.Equal((Many - Limit, false), (second.GetProperty("count").GetInt32(), second.GetProperty("more").GetBoolean()));
        Assert.Equal((0, false), (third.GetProperty("count").GetInt32(), third.GetProperty("more").GetBoolean()));
        for (var i = 0; i < 100; i++)
        {
            Assert.StartsWith("msg_", (await receiver.NextAsync()).Id, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        await using var receiver = await Receiver.StartAsync(_ => 200);
        await using var sending = await Sending.OpenAsync([receiver]);
        var id = (await sending.SubscribeAsync(receiver, "*")).GetProperty("subscription_id").GetString()!;

        await sending.Client.RefusedAsync("replay_delivery", new { }, "invalid_argument");
        await sending.Client.RefusedAsync("replay_delivery", new { subscription_id = id, delivery_id = "msg_x" }, "invalid_argument");
        await sending.Client.RefusedAsync("replay_delivery", new { delivery_id = "msg_x", state = "dead" }, "invalid_argument");
        await sending.Client.RefusedAsync("replay_delivery", new { subscription_id = id, state = "queued" }, "invalid_argument");
        await sending.Client.RefusedAsync("replay_delivery", new { subscription_id = id, since = "yesterday" }, "invalid_argument");
        await sending.Client.RefusedAsync("replay_delivery", new { subscription_id = id, since = "2026-01-02T00:00:00Z", until = "2026-01-02T00:00:00Z" }, "invalid_argument");
        await sending.Client.RefusedAsync("replay_delivery", new { subscription_id = "sub_none" }, "not_found");
    }

    [Fact]
    public async Task What_ended_long_ago_is_forgotten_and_what_waits_for_a_disabled_receiver_dies()
    {
        var clock = new HandClock();
        await using var good = await Receiver.StartAsync(_ => 200);
        await using var gone = await Receiver.StartAsync(_ => 410);
        await using var sending = (await Sending.OpenAsync([good, gone], Once, clock)).Start();
        var (fine, lost) = ((await sending.SubscribeAsync(good, "*")).GetProperty("subscription_id").GetString()!, (await sending.SubscribeAsync(gone, "*")).GetProperty("subscription_id").GetString()!);
        await sending.UntilAsync(await sending.NotifyAsync(fine), "delivered");
        var dead = await sending.NotifyAsync(lost);
        await sending.UntilAsync(dead, "dead");
        var waiting = await sending.House.Database.TransactAsync(async tx =>
        {
            await DeliveriesTable.InsertAsync(tx, new() { DeliveryId = "msg_waits", SubscriptionId = lost, Workspace = "film", Kind = "x", Body = "{}", CreatedAtMs = tx.NowMs, DueAtMs = tx.NowMs });
            return "msg_waits";
        }, CancellationToken.None);

        await SweepAsync(TimeSpan.FromDays(15), (waiting, "queued"), (dead, "dead"));
        await SweepAsync(TimeSpan.FromDays(16), (waiting, "dead"));
        await SweepAsync(TimeSpan.FromDays(31));

        async Task SweepAsync(TimeSpan time, params (string, string)[] left)
        {
            clock.Advance(time);
            using var stop = new CancellationTokenSource();
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var sweep = sending.House.GetAll<IBackgroundWork>().Single(work => work.GetType().Name == "WebhookSweep").RunAsync(stop.Token);
            while (!(await ListAsync()).SequenceEqual(left))
            {
                await Task.Delay(20, late.Token);
            }

            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sweep);
            Assert.Equal(left, await ListAsync());
        }

        async Task<IEnumerable<(string, string)>> ListAsync()
        {
            var list = await sending.Client.CallAsync("list_deliveries", new { workspace = "film" });
            return [.. list.GetProperty("deliveries").EnumerateArray().Select(one => (one.GetProperty("delivery_id").GetString()!, one.GetProperty("state").GetString()!))
                .OrderByDescending(one => one.Item2, StringComparer.Ordinal)];
        }
    }

    private static async Task DieAsync(Sending sending, HandClock clock, string id)
    {
        await sending.UntilAsync(id, "retrying");
        clock.Advance(TimeSpan.FromSeconds(1));
        sending.House.Database.Signals.Raise(DeliveriesTable.Channel); // the sender may just have read the time before
        await sending.UntilAsync(id, "dead");
    }
}
