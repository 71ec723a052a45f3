using System.ComponentModel;
using System.Text;
using System.Text.Json.Nodes;
using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Webhooks;

[Tool(Toolset.Webhooks, Changes = true, ShowsIdentity = true)]
internal sealed partial class NotifyWebhook(Call call, EventLog events)
{
    private const int MaxPayloadBytes = 20_000;

    /// <summary>Tells one subscription, or all that want the event; wait_events shows it too.</summary>
    /// <param name="payload">At most 20,000 bytes.</param>
    /// <param name="subscription_id">One to tell.</param>
    /// <param name="workspace">With event: tell all who want it.</param>
    /// <param name="event">Such as "shot.ready".</param>
    /// <param name="cancellation">Cancels.</param>
    /// <remarks>'event' is a keyword, which the SDK's generator of descriptions does not escape: they stand in attributes here.</remarks>
    [Description("Tells one subscription, or all that want the event; wait_events shows it too.")]
    [McpServerTool(Name = "notify_webhook", Title = "Notify webhook", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = true, UseStructuredContent = true)]
    public async Task<Notified> RunAsync(
        [Description("At most 20,000 bytes.")] JsonObject payload,
        [Description("One to tell.")] string? subscription_id = null,
        [Description("With event: tell all who want it.")] string? workspace = null,
        [Description("Such as \"shot.ready\".")] string? @event = null,
        CancellationToken cancellation = default)
    {
        if (Encoding.UTF8.GetByteCount(payload.ToJsonString(Wire.Json)) > MaxPayloadBytes)
        {
            throw new InvalidArgumentError("payload", $"A payload is at most {MaxPayloadBytes} bytes of JSON; put more into an asset and send its name.");
        }

        if (subscription_id is null && (workspace is null || @event is null))
        {
            throw new InvalidArgumentError("subscription_id", "Say whom to tell: either subscription_id, or workspace and event.");
        }

        var kind = KindPatterns.CheckKind(@event ?? "notification", "event");
        if (kind.StartsWith(WebhookSink.OwnKinds, StringComparison.Ordinal))
        {
            throw new InvalidArgumentError("event", $"Names that begin with '{WebhookSink.OwnKinds}' are the server's own; choose another, such as 'shot.ready'.");
        }

        var place = await call.Database.ReadAsync(query => PlaceAsync(query, subscription_id, workspace), cancellation).ConfigureAwait(false);
        return await call.CommitAsync(place, null, async tx =>
        {
            await PlaceAsync(tx, subscription_id, workspace).ConfigureAwait(false);
            var happened = await events.AppendAsync(tx, place, kind, subscription_id, payload).ConfigureAwait(false);
            return new Notified(await DeliveriesTable.OfEventAsync(tx, happened.Cursor).ConfigureAwait(false), DeliveryState.Queued, happened.Cursor);
        }, cancellation, told => new { @event = kind, told.DeliveryIds }).ConfigureAwait(false);
    }

    // The workspace to tell it in, when the caller sees it and the subscription, if one is named, is there and in force.
    private async ValueTask<string> PlaceAsync(IQuery query, string? subscriptionId, string? workspace)
    {
        if (subscriptionId is null)
        {
            return (await WorkspacesTable.RequireAsync(query, call.Caller, workspace!).ConfigureAwait(false)).Workspace;
        }

        var row = await SubscriptionsTable.RequireAsync(query, call.Caller, subscriptionId, workspace).ConfigureAwait(false);
        return row.State == SubscriptionRow.Active ? row.Workspace : throw new SubscriptionDisabledError(row);
    }
}

/// <summary>What was queued.</summary>
/// <param name="DeliveryIds">One a subscription told; empty when nobody wanted it.</param>
/// <param name="State">queued.</param>
/// <param name="EventCursor">Its place in wait_events.</param>
public sealed record Notified(IReadOnlyList<string> DeliveryIds, string State, long EventCursor);
