using Pipeline.Tools.Calls;
using Pipeline.Tools.Tests.Serving;
using Pipeline.Tools.Webhooks;

namespace Pipeline.Tools.Tests.Webhooks;

public sealed class WebhookToolsTests
{
    [Fact]
    public async Task The_secret_is_shown_once()
    {
        await using var receiver = await Receiver.StartAsync(_ => 200);
        await using var sending = await Sending.OpenAsync([receiver]);
        var subscribe = new { workspace = "film", url = receiver.Url, events = new[] { "*" }, idempotency_key = "k" };

        var first = await sending.Client.CallAsync("subscribe_webhook", subscribe);
        var again = await sending.Client.CallAsync("subscribe_webhook", subscribe);
        var audit = await sending.Client.CallAsync("read_audit", new { workspace = "film" });
        var secret = first.GetProperty("secret").GetString()!;

        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Equal(first.GetProperty("subscription_id").GetString(), again.GetProperty("subscription_id").GetString());
        Assert.True(again.GetProperty("secret_shown").GetBoolean());
        Assert.DoesNotContain(secret, again.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, audit.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("/hook", audit.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notification_reaches_those_who_want_it_and_the_log_of_events()
    {
        await using var receiver = await Receiver.StartAsync(_ => 200);
        await using var sending = await Sending.OpenAsync([receiver]);
        var one = (await sending.SubscribeAsync(receiver, "shot.*")).GetProperty("subscription_id").GetString()!;
        var two = (await sending.SubscribeAsync(receiver, "*")).GetProperty("subscription_id").GetString()!;

        var all = await sending.Client.CallAsync("notify_webhook", new { workspace = "film", @event = "shot.ready", payload = new { shot = 3 }, idempotency_key = "k" });
        var again = await sending.Client.CallAsync("notify_webhook", new { workspace = "film", @event = "shot.ready", payload = new { shot = 3 }, idempotency_key = "k" });
        var single = await sending.Client.CallAsync("notify_webhook", new { subscription_id = one, payload = new { shot = 4 } });
        var events = await sending.Client.CallAsync("wait_events", new { workspace = "film", kinds = new[] { "shot.ready", "notification" } });
        var toTwo = await sending.Client.CallAsync("list_deliveries", new { subscription_id = two, state = "queued" });

        Assert.Equal(2, all.GetProperty("delivery_ids").GetArrayLength());
        Assert.Equal("queued", all.GetProperty("state").GetString());
        Assert.Equal(all.ToString(), again.ToString());
        Assert.Equal(1, single.GetProperty("delivery_ids").GetArrayLength());
        Assert.Equal([3, 4], events.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("data").GetProperty("shot").GetInt32()));
        Assert.Single(toTwo.GetProperty("deliveries").EnumerateArray());
    }

    [Fact]
    public async Task Deliveries_come_in_pages_newest_first()
    {
        await using var receiver = await Receiver.StartAsync(_ => 200);
        await using var sending = await Sending.OpenAsync([receiver]);
        await sending.SubscribeAsync(receiver, "*");
        await sending.SubscribeAsync(receiver, "*");
        for (var i = 0; i < 3; i++)
        {
            await sending.Client.CallAsync("notify_webhook", new { workspace = "film", @event = "shot.ready", payload = new { i } });
        }

        var seen = new HashSet<string>();
        string? cursor = null;
        do
        {
            var page = await sending.Client.CallAsync("list_deliveries", new { workspace = "film", limit = 4, cursor });
            Assert.All(page.GetProperty("deliveries").EnumerateArray(), one => Assert.True(seen.Add(one.GetProperty("delivery_id").GetString()!)));
            cursor = page.TryGetProperty("cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(6, seen.Count);
    }

    [Fact]
    public async Task Bad_input_is_refused()
    {
        await using var receiver = await Receiver.StartAsync(_ => 200);
        await using var sending = await Sending.OpenAsync([receiver]);
        var client = sending.Client;
        object With(string url = "", string pattern = "*", string? secret = null) =>
            new { workspace = "film", url = url.Length == 0 ? receiver.Url : url, events = new[] { pattern }, secret };

        foreach (var url in new[] { "http://127.0.0.1:9/", "http://localhost/", "http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/x", "ftp://example.com/", "http://a:b@example.com/" })
        {
            await client.RefusedAsync("subscribe_webhook", With(url), "egress_refused");
        }

        await client.RefusedAsync("subscribe_webhook", With("not a url"), "invalid_argument");
        await client.RefusedAsync("subscribe_webhook", With("http://example.com/" + new string('a', 2100)), "invalid_argument");
        await client.RefusedAsync("subscribe_webhook", With(pattern: "step.*.x"), "invalid_argument");
        await client.RefusedAsync("subscribe_webhook", With(secret: "secret"), "invalid_argument");
        await client.RefusedAsync("subscribe_webhook", With(secret: "whsec_" + Convert.ToBase64String(new byte[23])), "invalid_argument");
        await client.RefusedAsync("notify_webhook", new { payload = new { } }, "invalid_argument");
        await client.RefusedAsync("notify_webhook", new { workspace = "film", payload = new { } }, "invalid_argument");
        await client.RefusedAsync("notify_webhook", new { workspace = "film", @event = "webhook.dead", payload = new { } }, "invalid_argument");
        await client.RefusedAsync("notify_webhook", new { workspace = "film", @event = "shot.*", payload = new { } }, "invalid_argument");
        await client.RefusedAsync("notify_webhook", new { workspace = "film", @event = "a", payload = new { text = new string('x', 20_001) } }, "invalid_argument");
        await client.RefusedAsync("notify_webhook", new { subscription_id = "sub_none", payload = new { } }, "not_found");
        await client.RefusedAsync("list_deliveries", new { }, "invalid_argument");
        await client.RefusedAsync("list_deliveries", new { workspace = "film", state = "lost" }, "invalid_argument");
        await client.RefusedAsync("list_deliveries", new { workspace = "film", cursor = "x" }, "invalid_argument");
        await client.RefusedAsync("replay_delivery", new { delivery_id = "msg_none" }, "not_found");
    }

    [Fact]
    public async Task Anothers_subscription_and_delivery_are_not_found()
    {
        await using var receiver = await Receiver.StartAsync(_ => 200);
        await using var sending = await Sending.OpenAsync([receiver]);
        var subscription = (await sending.SubscribeAsync(receiver, "*")).GetProperty("subscription_id").GetString()!;
        var delivery = await sending.NotifyAsync(subscription);
        await sending.Client.CallAsync("create_workspace", new { workspace = "other" });
        var stranger = await sending.House.ConnectAsync("stranger", Role.Member, ["other"], egress: false);

        await stranger.RefusedAsync("notify_webhook", new { subscription_id = subscription, payload = new { } }, "not_found");
        await stranger.RefusedAsync("list_deliveries", new { subscription_id = subscription }, "not_found");
        await stranger.RefusedAsync("replay_delivery", new { delivery_id = delivery }, "not_found");
        await stranger.RefusedAsync("subscribe_webhook", new { workspace = "other", url = "https://8.8.8.8/", events = new[] { "*" } }, "forbidden");
        await stranger.CallAsync("subscribe_webhook", new { workspace = "other", url = receiver.Url, events = new[] { "*" } });
    }

    [Fact]
    public void The_signature_is_the_one_that_others_compute() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""));

    [Theory]
    [InlineData(1, 0.0, null, 4.0)]
    [InlineData(1, 1.0, null, 6.0)]
    [InlineData(2, 0.5, null, 300.0)]
    [InlineData(9, 0.5, null, 86400.0)]
    [InlineData(10, 0.5, null, null)]
    [InlineData(1, 0.5, 60.0, 60.0)]
    [InlineData(2, 0.5, 60.0, 300.0)]
    [InlineData(1, 0.5, 1e9, 86400.0)]
    public void The_schedule_is_that_of_the_specification(long attempt, double chance, double? retryAfterSeconds, double? delaySeconds)
    {
        var asked = retryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;

        var delay = RetrySchedule.After(new WebhookOptions(), attempt, chance, asked);

        Assert.Equal(delaySeconds, delay is { } some ? Math.Round(some.TotalSeconds, 6) : null);
    }
}
