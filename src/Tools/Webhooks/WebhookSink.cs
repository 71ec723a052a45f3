using System.Text.Json;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;

namespace Pipeline.Tools.Webhooks;

/// <summary>Queues a delivery for each subscription that wants an event, in the event's own transaction.</summary>
internal sealed class WebhookSink(Ids ids) : IEventSink
{
    /// <summary>Events about deliveries are not delivered: a dead receiver would hear of its own death for ever.</summary>
    public const string OwnKinds = "webhook.";

    public async ValueTask OnAppendedAsync(ITransaction tx, Event happened)
    {
        if (happened.Kind.StartsWith(OwnKinds, StringComparison.Ordinal))
        {
            return;
        }

        foreach (var subscription in await WantingAsync(tx, happened).ConfigureAwait(false))
        {
            await DeliveriesTable.InsertAsync(tx, new()
            {
                DeliveryId = ids.New("msg"), SubscriptionId = subscription.SubscriptionId, Workspace = happened.Workspace, EventCursor = happened.Cursor,
                Kind = happened.Kind, Body = Body(happened), DueAtMs = tx.NowMs, CreatedAtMs = tx.NowMs,
            }).ConfigureAwait(false);
        }
    }

    // An event whose subject is a subscription was meant for that one alone.
    private static async ValueTask<IEnumerable<SubscriptionRow>> WantingAsync(ITransaction tx, Event happened)
    {
        var active = await SubscriptionsTable.ActiveAsync(tx, happened.Workspace).ConfigureAwait(false);
        var isForOne = happened.Subject?.StartsWith(SubscribeWebhook.IdPrefix + "_", StringComparison.Ordinal) == true
            && await SubscriptionsTable.FindAsync(tx, happened.Subject).ConfigureAwait(false) is not null; // an asset of a workspace may begin like that too
        return isForOne
            ? active.Where(row => row.SubscriptionId == happened.Subject)
            : active.Where(row => row.Wants(happened.Kind));
    }

    private static string Body(Event happened) =>
        Wire.Write(new WebhookBody(happened.Kind, Instant.From(happened.AtMs), happened.Workspace, happened.Subject, Wire.Read<JsonElement>(happened.Data)));
}

/// <summary>What a receiver gets.</summary>
/// <param name="Type">Kind of the event.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Workspace">Where.</param>
/// <param name="Subject">To what.</param>
/// <param name="Data">The event's own facts.</param>
public sealed record WebhookBody(string Type, DateTimeOffset Timestamp, string Workspace, string? Subject, JsonElement Data);
