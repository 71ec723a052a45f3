using Pipeline.Tools.Events;
using Pipeline.Tools.Tests.Serving;
using Pipeline.Tools.Webhooks;

namespace Pipeline.Tools.Tests.Webhooks;

public sealed class WebhookTests
{
    [Fact]
    public async Task An_event_arrives_signed_and_only_where_it_is_wanted()
    {
        await using var wanted = await Receiver.StartAsync(_ => 204);
        await using var other = await Receiver.StartAsync(_ => 204);
        await using var sending = (await Sending.OpenAsync([wanted, other])).Start();
        var subscription = await sending.SubscribeAsync(wanted, "asset.*");
        await sending.SubscribeAsync(other, "run.*", "asset.deleted");

        await sending.Client.CallAsync("put_asset", new { asset = "film/a.txt", text = "é" });
        var message = await wanted.NextAsync();

        Assert.True(message.IsSignedBy(subscription.GetProperty("secret").GetString()!));
        Assert.False(message.IsSignedBy("whsec_" + Convert.ToBase64String(new byte[32])));
        Assert.Equal("asset.written", message.Json.GetProperty("type").GetString());
        Assert.Equal("film", message.Json.GetProperty("workspace").GetString());
        Assert.Equal("film/a.txt", message.Json.GetProperty("data").GetProperty("asset").GetString());
        await sending.UntilAsync(message.Id, "delivered");
        Assert.Equal(0, other.Waiting);
    }

    [Fact]
    public async Task A_failing_receiver_gets_the_same_message_until_it_takes_it()
    {
        await using var receiver = await Receiver.StartAsync(message => message.Attempt < 3 ? 500 : 200);
        await using var sending = (await Sending.OpenAsync([receiver])).Start();
        var subscription = await sending.SubscribeAsync(receiver, "*");

        var id = await sending.NotifyAsync(subscription.GetProperty("subscription_id").GetString()!, new { n = 1 });
        Message[] messages = [await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync()];
        var delivery = await sending.UntilAsync(id, "delivered");

        Assert.All(messages, message => Assert.Equal((id, messages[0].Body), (message.Id, message.Body)));
        Assert.All(messages, message => Assert.True(message.IsSignedBy(subscription.GetProperty("secret").GetString()!)));
        Assert.Equal(3, delivery.GetProperty("attempts").GetInt64());
        Assert.Equal(200, delivery.GetProperty("last_status").GetInt64());
    }

    [Fact]
    public async Task After_the_last_attempt_a_message_is_dead_and_a_replay_brings_it_under_its_old_id()
    {
        var listens = false;
        await using var receiver = await Receiver.StartAsync(_ => listens ? 200 : 503);
        await using var sending = (await Sending.OpenAsync([receiver])).Start();
        var subscription = await sending.SubscribeAsync(receiver, "*");
        var id = await sending.NotifyAsync(subscription.GetProperty("subscription_id").GetString()!);

        var dead = await sending.UntilAsync(id, "dead");
        var told = await sending.Client.CallAsync("wait_events", new { workspace = "film", kinds = new[] { "webhook.dead" } });
        listens = true;
        await sending.Client.CallAsync("replay_delivery", new { delivery_id = id });
        var delivered = await sending.UntilAsync(id, "delivered");

        Assert.Equal(3, dead.GetProperty("attempts").GetInt64());
        Assert.Equal(id, Assert.Single(told.GetProperty("events").EnumerateArray()).GetProperty("subject").GetString());
        Assert.Equal(4, delivered.GetProperty("attempts").GetInt64());
    }

    [Fact]
    public async Task Retry_after_is_honoured_and_holds_back_the_whole_subscription()
    {
        var clock = new HandClock();
        await using var receiver = await Receiver.StartAsync((message, response) =>
        {
            response.StatusCode = message.Attempt == 1 ? 429 : 200;
            response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        });
        await using var sending = (await Sending.OpenAsync([receiver], time: clock)).Start();
        var subscription = (await sending.SubscribeAsync(receiver, "*")).GetProperty("subscription_id").GetString()!;
        var first = await sending.NotifyAsync(subscription);
        var before = clock.GetUtcNow();

        var retrying = await sending.UntilAsync(first, "retrying");
        await receiver.NextAsync();
        var second = await sending.NotifyAsync(subscription);
        await Task.Delay(200);
        Assert.Equal(0, receiver.Waiting);
        clock.Advance(TimeSpan.FromSeconds(3605));
        sending.House.Database.Signals.Raise(DeliveriesTable.Channel);
        await sending.UntilAsync(first, "delivered");

        Assert.True(retrying.GetProperty("next_attempt_at").GetDateTimeOffset() >= before.AddSeconds(3599));
        Assert.Equal(429, retrying.GetProperty("last_status").GetInt64());
        string[] sent = [(await receiver.NextAsync()).Id, (await receiver.NextAsync()).Id]; // side by side, in any order
        Assert.Equal(new[] { first, second }.Order(StringComparer.Ordinal), sent.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_left_alone()
    {
        await using var receiver = await Receiver.StartAsync(_ => 410);
        await using var sending = (await Sending.OpenAsync([receiver])).Start();
        var subscription = (await sending.SubscribeAsync(receiver, "*")).GetProperty("subscription_id").GetString()!;

        await sending.UntilAsync(await sending.NotifyAsync(subscription), "dead");
        await sending.Client.CallAsync("put_asset", new { asset = "film/a.txt", text = "x" });

        var told = await sending.Client.CallAsync("wait_events", new { workspace = "film", kinds = new[] { "webhook.disabled" } });
        Assert.Equal(subscription, Assert.Single(told.GetProperty("events").EnumerateArray()).GetProperty("subject").GetString());
        var deliveries = await sending.Client.CallAsync("list_deliveries", new { subscription_id = subscription });
        Assert.Equal(1, Assert.Single(deliveries.GetProperty("deliveries").EnumerateArray()).GetProperty("attempts").GetInt64());
        await sending.Client.RefusedAsync("notify_webhook", new { subscription_id = subscription, payload = new { } }, "subscription_disabled");
    }

    [Fact]
    public async Task Redirects_are_failures()
    {
        await using var receiver = await Receiver.StartAsync((message, response) =>
        {
            response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        await using var sending = (await Sending.OpenAsync([receiver], new WebhookOptions { Schedule = [TimeSpan.FromHours(1)] })).Start();
        var subscription = (await sending.SubscribeAsync(receiver, "*")).GetProperty("subscription_id").GetString()!;

        var failed = await sending.UntilAsync(await sending.NotifyAsync(subscription), "retrying");

        Assert.Equal(302, failed.GetProperty("last_status").GetInt64());
        Assert.Equal("/hook", (await receiver.NextAsync()).Path);
        Assert.Equal(0, receiver.Waiting);
    }

    [Fact]
    public async Task A_subscription_that_only_fails_for_days_is_disabled()
    {
        var clock = new HandClock();
        await using var receiver = await Receiver.StartAsync(_ => 500);
        // The first is not sent again within the test: it might disable before the second is asked for.
        await using var sending = (await Sending.OpenAsync([receiver], new WebhookOptions { Schedule = [TimeSpan.FromDays(10)] }, clock)).Start();
        var subscription = (await sending.SubscribeAsync(receiver, "*")).GetProperty("subscription_id").GetString()!;
        await sending.UntilAsync(await sending.NotifyAsync(subscription), "retrying");

        clock.Advance(TimeSpan.FromDays(6));
        await sending.NotifyAsync(subscription);
        var told = await sending.Client.CallAsync("wait_events", new { workspace = "film", since = 0, kinds = new[] { "webhook.disabled" }, wait_seconds = 30 })
            .WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(subscription, Assert.Single(told.GetProperty("events").EnumerateArray()).GetProperty("subject").GetString());
    }

    [Fact]
    public async Task A_slow_receiver_delays_nobody_else()
    {
        var release = new TaskCompletionSource();
        await using var slow = await Receiver.StartAsync((_, _) => release.Task);
        await using var quick = await Receiver.StartAsync(_ => 200);
        await using var sending = (await Sending.OpenAsync([slow, quick], new WebhookOptions { MaxInFlight = 4, MaxPerHost = 2, Timeout = TimeSpan.FromMinutes(5), Lease = TimeSpan.FromMinutes(10) })).Start();
        await sending.SubscribeAsync(slow, "*");
        await sending.SubscribeAsync(quick, "*");

        for (var i = 0; i < 10; i++)
        {
            await sending.Client.CallAsync("notify_webhook", new { workspace = "film", @event = "shot.ready", payload = new { i } });
        }

        for (var i = 0; i < 10; i++)
        {
            await quick.NextAsync();
        }

        await slow.NextAsync();
        await slow.NextAsync();
        Assert.Equal(0, slow.Waiting); // its two turns are taken, and it gets no third
        release.SetResult();
        for (var i = 0; i < 8; i++)
        {
            await slow.NextAsync();
        }
    }

    [Fact]
    public async Task A_claim_whose_sender_died_is_sent_again_and_the_dead_ones_outcome_is_ignored()
    {
        var clock = new HandClock();
        await using var receiver = await Receiver.StartAsync(_ => 200);
        await using var sending = await Sending.OpenAsync([receiver], time: clock);
        var subscription = (await sending.SubscribeAsync(receiver, "*")).GetProperty("subscription_id").GetString()!;
        var id = await sending.NotifyAsync(subscription);
        var database = sending.House.Database;

        var claimed = Assert.Single(await database.TransactAsync(tx => DeliveriesTable.ClaimAsync(tx, database.Dialect, subscription, 300, 9), CancellationToken.None));
        Assert.Empty(await database.TransactAsync(tx => DeliveriesTable.ClaimAsync(tx, database.Dialect, subscription, 300, 9), CancellationToken.None));
        clock.Advance(TimeSpan.FromSeconds(1)); // the claim lapses
        sending.Start();
        var delivered = await sending.UntilAsync(id, "delivered");
        var late = await database.TransactAsync(tx => DeliveriesTable.EndAttemptAsync(tx, claimed, DeliveryState.Dead, 0, 500, "late"), CancellationToken.None);

        Assert.Equal(2, delivered.GetProperty("attempts").GetInt64());
        Assert.Equal(0, late);
        await sending.UntilAsync(id, "delivered");
    }

    [Fact]
    public async Task Stopping_gives_back_what_is_under_way()
    {
        await using var receiver = await Receiver.StartAsync((_, response) => Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted));
        await using var sending = (await Sending.OpenAsync([receiver], new WebhookOptions { StopGrace = TimeSpan.FromMilliseconds(50) })).Start();
        var subscription = (await sending.SubscribeAsync(receiver, "*")).GetProperty("subscription_id").GetString()!;
        var id = await sending.NotifyAsync(subscription);
        await receiver.NextAsync();

        await sending.StopAsync();
        var waiting = await sending.UntilAsync(id, "queued");

        Assert.Equal(0, waiting.GetProperty("attempts").GetInt64());
    }

    [Fact]
    public async Task What_is_rolled_back_is_never_told()
    {
        await using var receiver = await Receiver.StartAsync(_ => 200);
        await using var sending = await Sending.OpenAsync([receiver]);
        await sending.SubscribeAsync(receiver, "*");
        var events = sending.House.Get<EventLog>();

        await Assert.ThrowsAsync<InvalidDataException>(() => sending.House.Database.TransactAsync<bool>(async tx =>
        {
            await events.AppendAsync(tx, "film", "shot.ready", null, new { });
            throw new InvalidDataException();
        }, CancellationToken.None));

        var list = await sending.Client.CallAsync("list_deliveries", new { workspace = "film" });
        Assert.Empty(list.GetProperty("deliveries").EnumerateArray());
    }

    [Fact]
    public async Task A_receiver_that_cannot_be_connected_to_is_a_failed_attempt_like_any_other()
    {
        using var deaf = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        deaf.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        deaf.Listen(1); // a full queue drops what comes, as a firewall does
        var at = (System.Net.IPEndPoint)deaf.LocalEndPoint!;
        var crowd = Enumerable.Range(0, 4).Select(_ => new System.Net.Sockets.TcpClient()).ToList();
        crowd.ForEach(one => _ = one.ConnectAsync(at).ContinueWith(done => done.Exception, TaskScheduler.Default));
        await using var sending = await Sending.OpenAsync(
            [], new WebhookOptions { Schedule = [TimeSpan.FromHours(1)] }, egress: new() { Hosts = [at.ToString()], ConnectTimeout = TimeSpan.FromMilliseconds(300) });
        var made = await sending.Client.CallAsync("subscribe_webhook", new { workspace = "film", url = $"http://{at}/", events = new[] { "*" } });
        var id = await sending.NotifyAsync(made.GetProperty("subscription_id").GetString()!);
        sending.Start();

        var failed = await sending.UntilAsync(id, "retrying");

        Assert.Equal(1, failed.GetProperty("attempts").GetInt64());
        Assert.Contains("connection", failed.GetProperty("last_error").GetString(), StringComparison.Ordinal);
        crowd.ForEach(one => one.Dispose());
    }
}
