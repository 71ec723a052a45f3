using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Webhooks;

[Tool(Toolset.Webhooks, Changes = true)]
internal sealed partial class ReplayDelivery(Call call)
{
    /// <summary>Sends a delivery again under its old id, dead or delivered, and enables its subscription.</summary>
    /// <param name="delivery_id">From list_deliveries.</param>
    [McpServerTool(Name = "replay_delivery", Title = "Replay delivery", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = true, UseStructuredContent = true)]
    public async partial Task<DeliveryEntry> RunAsync(string delivery_id, CancellationToken cancellation = default)
    {
        var row = await call.Database.ReadAsync(query => DeliveriesTable.FindAsync(query, delivery_id), cancellation).ConfigureAwait(false);
        if (row is null || !call.Caller.Sees(row.Workspace))
        {
            throw new NotFoundError("delivery", delivery_id, "list_deliveries");
        }

        return await call.CommitAsync(row.Workspace, null, async tx =>
        {
            await SubscriptionsTable.EnableAsync(tx, row.SubscriptionId).ConfigureAwait(false);
            await DeliveriesTable.ReplayAsync(tx, delivery_id).ConfigureAwait(false);
            return DeliveryEntry.From((await DeliveriesTable.FindAsync(tx, delivery_id).ConfigureAwait(false))!);
        }, cancellation, replayed => new { replayed.DeliveryId, replayed.SubscriptionId }).ConfigureAwait(false);
    }
}
