using Pipeline.Tools.Calls;
using Pipeline.Tools.Tests.Serving;
using Pipeline.Tools.Webhooks;

namespace Pipeline.Tools.Tests.Webhooks;

public sealed class RenewalTests
{
    [Fact]
    public async Task An_asymmetric_subscription_shows_its_public_key_only_and_signs_with_the_private_one()
    {
        await using var receiver = await Receiver.StartAsync(_ => 200);
        await using var sending = (await Sending.OpenAsync([receiver])).Start();
        object Subscribe(string secret) => new { workspace = "film", url = receiver.Url, events = new[] { "*" }, secret };

        var made = await sending.Client.CallAsync("subscribe_webhook", Subscribe("v1a"));
        var brought = WebhookSecret.Make(WebhookSecret.V1A);
        var own = await sending.Client.CallAsync("subscribe_webhook", Subscribe(brought));
        await sending.NotifyAsync(made.GetProperty("subscription_id").GetString()!);
        var one = await receiver.NextAsync();
        await sending.NotifyAsync(own.GetProperty("subscription_id").GetString()!);
        var two = await receiver.NextAsync();

        Assert.False(made.TryGetProperty("secret", out _));
        Assert.True(one.IsSignedBy(made.GetProperty("public_key").GetString()!));
        Assert.True(two.IsSignedBy(own.GetProperty("public_key").GetString()!));
        Assert.False(two.IsSignedBy(made.GetProperty("public_key").GetString()!));
        Assert.DoesNotContain(brought, own.ToString(), StringComparison.Ordinal);
        Assert.Single(one.Signature.Split(' '));
    }

    [Fact]
    public async Task A_renewed_key_signs_at_once_and_the_old_one_beside_it_for_a_day()
    {
        var clock = new HandClock();
        await using var receiver = await Receiver.StartAsync(_ => 200);
        await using var sending = (await Sending.OpenAsync([receiver], time: clock)).Start();
        var first = await sending.SubscribeAsync(receiver, "*");
        var id = first.GetProperty("subscription_id").GetString()!;
        object Renew(string? secret) => new { workspace = "film", url = receiver.Url, events = new[] { "shot.*" }, subscription_id = id, secret };

        var second = await sending.Client.CallAsync("subscribe_webhook", Renew("v1a"));
        var same = await sending.Client.CallAsync("subscribe_webhook", Renew(null));
        var third = await sending.Client.CallAsync("subscribe_webhook", Renew(same.GetProperty("secret").GetString()));
        await sending.NotifyAsync(id);
        var during = await receiver.NextAsync();
        clock.Advance(TimeSpan.FromHours(25));
        await sending.NotifyAsync(id);
        var after = await receiver.NextAsync();
        await sending.Client.CallAsync("put_asset", new { asset = "film/a.txt", text = "x" });
        var deliveries = await sending.Client.CallAsync("list_deliveries", new { subscription_id = id });

        Assert.Equal(id, second.GetProperty("subscription_id").GetString());
        Assert.Equal(same.GetProperty("secret").GetString(), third.GetProperty("secret").GetString());
        Assert.True(third.TryGetProperty("old_key_until", out _)); // the same key again is no renewal: the one before still signs
        Assert.True(during.IsSignedBy(same.GetProperty("secret").GetString()!));
        Assert.True(during.IsSignedBy(second.GetProperty("public_key").GetString()!));
        Assert.False(during.IsSignedBy(first.GetProperty("secret").GetString()!));
        Assert.Equal(2, during.Signature.Split(' ').Length);
        Assert.True(after.IsSignedBy(same.GetProperty("secret").GetString()!));
        Assert.Single(after.Signature.Split(' '));
        Assert.Equal(2, deliveries.GetProperty("deliveries").GetArrayLength()); // the asset is no longer wanted
    }

    [Fact]
    public async Task Renewing_moves_what_waits_to_the_new_address_and_enables_it()
    {
        await using var gone = await Receiver.StartAsync(_ => 410);
        await using var home = await Receiver.StartAsync(_ => 200);
        await using var sending = (await Sending.OpenAsync([gone, home])).Start();
        var id = (await sending.SubscribeAsync(gone, "*")).GetProperty("subscription_id").GetString()!;
        await sending.UntilAsync(await sending.NotifyAsync(id), "dead");
        await sending.Client.RefusedAsync("notify_webhook", new { subscription_id = id, payload = new { } }, "subscription_disabled");

        await sending.Client.CallAsync("subscribe_webhook", new { workspace = "film", url = home.Url, events = new[] { "*" }, subscription_id = id });
        await sending.NotifyAsync(id);

        Assert.Equal("/hook", (await home.NextAsync()).Path);
    }

    [Fact]
    public async Task Anothers_subscription_cannot_be_renewed()
    {
        await using var receiver = await Receiver.StartAsync(_ => 200);
        await using var sending = await Sending.OpenAsync([receiver]);
        var id = (await sending.SubscribeAsync(receiver, "*")).GetProperty("subscription_id").GetString()!;
        await sending.Client.CallAsync("create_workspace", new { workspace = "other" });
        var stranger = await sending.House.ConnectAsync("stranger", Role.Member, ["other"], egress: true);
        object Renew(string workspace) => new { workspace, url = receiver.Url, events = new[] { "*" }, subscription_id = id };

        await stranger.RefusedAsync("subscribe_webhook", Renew("other"), "not_found");
        await stranger.RefusedAsync("subscribe_webhook", Renew("film"), "not_found");
        await sending.Client.RefusedAsync("subscribe_webhook", Renew("other"), "not_found");
    }

    [Fact]
    public async Task A_workspace_named_like_a_subscription_is_told_of_its_assets()
    {
        await using var receiver = await Receiver.StartAsync(_ => 200);
        await using var sending = (await Sending.OpenAsync([receiver])).Start();
        await sending.Client.CallAsync("create_workspace", new { workspace = "sub_film" });
        await sending.Client.CallAsync("subscribe_webhook", new { workspace = "sub_film", url = receiver.Url, events = new[] { "*" } });

        await sending.Client.CallAsync("put_asset", new { asset = "sub_film/a.txt", text = "x" });

        Assert.Equal("asset.written", (await receiver.NextAsync()).Json.GetProperty("type").GetString());
    }
}
