using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pipeline.Tools;

internal static class WebhooksSlice
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.TryAddSingleton(new Webhooks.WebhookOptions());
        return services
            .AddSingleton<Events.IEventSink, Webhooks.WebhookSink>()
            .AddSingleton<Webhooks.WebhookAttempt>()
            .AddSingleton<Webhooks.WebhookLedger>()
            .AddSingleton<Contract.IBackgroundWork, Webhooks.WebhookSender>()
            .AddSingleton<Contract.IBackgroundWork, Webhooks.WebhookSweep>()
            .AddSingleton<Contract.IPendingWork, Webhooks.WebhooksPending>()
            .AddTool<Webhooks.SubscribeWebhook>()
            .AddTool<Webhooks.NotifyWebhook>()
            .AddTool<Webhooks.ListDeliveries>()
            .AddTool<Webhooks.ReplayDelivery>();
    }
}
