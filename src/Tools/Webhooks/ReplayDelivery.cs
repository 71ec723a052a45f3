using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Webhooks;

[Tool(Toolset.Webhooks, Changes = true)]
internal sealed partial class ReplayDelivery(Call call)
{
    private const int MostAtOnce = 10_000;

    /// <summary>Sends a delivery, or up to 10,000 of a subscription, again under its old id, and enables it.</summary>
    /// <param name="delivery_id">This one.</param>
    /// <param name="subscription_id">Or of this.</param>
    /// <param name="since">Made from then.</param>
    /// <param name="until">And before.</param>
    /// <param name="state">dead or delivered.</param>
    [McpServerTool(Name = "replay_delivery", Title = "Replay delivery", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = true, UseStructuredContent = true)]
    public async partial Task<Replayed> RunAsync(
        string? delivery_id = null, string? subscription_id = null, string? since = null, string? until = null, string? state = null,
        CancellationToken cancellation = default)
    {
        if (delivery_id is null == subscription_id is null)
        {
            throw new InvalidArgumentError("delivery_id", "Say what to send again: either delivery_id, or subscription_id with since, until and state as wanted.");
        }

        if (delivery_id is not null)
        {
            return (since ?? until ?? state) is null ? await ReplayOneAsync(delivery_id, cancellation).ConfigureAwait(false)
                : throw new InvalidArgumentError("delivery_id", "since, until and state go with subscription_id; one delivery is sent again whatever its state.");
        }

        if (state is not (null or DeliveryState.Dead or DeliveryState.Delivered))
        {
            throw new InvalidArgumentError("state", $"state is {DeliveryState.Dead} or {DeliveryState.Delivered}; what is queued or retrying is sent anyway.");
        }

        var (sinceMs, untilMs) = (since is null ? 0 : Instant.Parse(since, "since"), until is null ? long.MaxValue : Instant.Parse(until, "until"));
        return sinceMs < untilMs ? await ReplayManyAsync(subscription_id!, state ?? DeliveryState.Dead, sinceMs, untilMs, cancellation).ConfigureAwait(false)
            : throw new InvalidArgumentError("until", "until is later than since.");
    }

    private async Task<Replayed> ReplayOneAsync(string deliveryId, CancellationToken cancellation)
    {
        var row = await call.Database.ReadAsync(query => DeliveriesTable.FindAsync(query, deliveryId), cancellation).ConfigureAwait(false);
        if (row is null || !call.Caller.Sees(row.Workspace))
        {
            throw new NotFoundError("delivery", deliveryId, "list_deliveries");
        }

        return await call.CommitAsync(row.Workspace, null, async tx =>
        {
            await SubscriptionsTable.EnableAsync(tx, row.SubscriptionId).ConfigureAwait(false);
            return await DeliveriesTable.ReplayAsync(tx, deliveryId).ConfigureAwait(false) == 1
                ? Replayed.One(DeliveryEntry.From((await DeliveriesTable.FindAsync(tx, deliveryId).ConfigureAwait(false))!))
                : throw new NotFoundError("delivery", deliveryId, "list_deliveries"); // swept in between
        }, cancellation, replayed => new { replayed.DeliveryId, replayed.SubscriptionId }).ConfigureAwait(false);
    }

    private async Task<Replayed> ReplayManyAsync(string subscriptionId, string state, long sinceMs, long untilMs, CancellationToken cancellation)
    {
        ValueTask<SubscriptionRow> RequireAsync(IQuery query) => SubscriptionsTable.RequireAsync(query, call.Caller, subscriptionId, null);
        var subscription = await call.Database.ReadAsync(RequireAsync, cancellation).ConfigureAwait(false);
        return await call.CommitAsync(subscription.Workspace, null, async tx =>
        {
            await RequireAsync(tx).ConfigureAwait(false);
            await SubscriptionsTable.EnableAsync(tx, subscriptionId).ConfigureAwait(false);
            var count = await DeliveriesTable.ReplayAsync(tx, subscriptionId, state, sinceMs, untilMs, MostAtOnce).ConfigureAwait(false);
            return new Replayed(count, count == MostAtOnce, null, subscriptionId, null, DeliveryState.Queued, null, null, null, null, null);
        }, cancellation, replayed => new { replayed.SubscriptionId, replayed.Count, state }).ConfigureAwait(false);
    }
}
