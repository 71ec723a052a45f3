using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModelContextProtocol.Client;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Egress;
using Pipeline.Tools.Tests.Serving;
using Pipeline.Tools.Webhooks;

namespace Pipeline.Tools.Tests.Webhooks;

/// <summary>A house whose webhook sender runs until disposed.</summary>
internal sealed class Sending : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;

    private Sending(House house, McpClient client) => (House, Client) = (house, client);

    public House House { get; }

    public McpClient Client { get; }

    /// <summary>Opens the house with a workspace 'film'; nothing is sent before <see cref="Start"/>.</summary>
    public static async Task<Sending> OpenAsync(IEnumerable<Receiver> receivers, WebhookOptions? options = null, TimeProvider? time = null, EgressOptions? egress = null,
        Action<IServiceCollection>? more = null)
    {
        var house = await House.OpenAsync(services =>
        {
            services
                .Replace(ServiceDescriptor.Singleton(egress ?? new EgressOptions { Hosts = [.. receivers.Select(receiver => receiver.Host)] }))
                .Replace(ServiceDescriptor.Singleton(options ?? new WebhookOptions { Schedule = [TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)] }))
                .Replace(ServiceDescriptor.Singleton(time ?? TimeProvider.System));
            more?.Invoke(services);
        });
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        return new(house, client);
    }

    public Sending Start()
    {
        _work = house().RunAsync(_stop.Token);
        return this;

        IBackgroundWork house() => House.Get<IEnumerable<IBackgroundWork>>().Single(work => work.GetType().Name == "WebhookSender");
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Record.ExceptionAsync(() => _work);
        Assert.False(_work.IsFaulted, _work.Exception?.ToString());
    }

    public Task<JsonElement> SubscribeAsync(Receiver receiver, params string[] events) =>
        Client.CallAsync("subscribe_webhook", new { workspace = "film", url = receiver.Url, events });

    public async Task<string> NotifyAsync(string subscriptionId, object? payload = null)
    {
        var told = await Client.CallAsync("notify_webhook", new { subscription_id = subscriptionId, payload = payload ?? new { } });
        return told.GetProperty("delivery_ids")[0].GetString()!;
    }

    /// <summary>Waits until a delivery is in a state, and returns it.</summary>
    public async Task<JsonElement> UntilAsync(string deliveryId, string state)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var list = await Client.CallAsync("list_deliveries", new { workspace = "film", limit = 100 });
            var found = list.GetProperty("deliveries").EnumerateArray().Single(one => one.GetProperty("delivery_id").GetString() == deliveryId);
            if (found.GetProperty("state").GetString() == state)
            {
                return found;
            }

            if (_work.IsFaulted)
            {
                await _work;
            }

            await Task.Delay(20, late.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await House.DisposeAsync();
        _stop.Dispose();
    }
}
