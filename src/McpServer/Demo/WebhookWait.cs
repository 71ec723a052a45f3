using Pipeline.Agents.Connecting;

namespace Pipeline.McpServer.Demo;

/// <summary>Waits for the webhook that tells of the delivery.</summary>
internal sealed class WebhookWait(Connection connection, WebhookReceiver receiver, TimeProvider time)
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(15);

    /// <summary>What came; null when nothing did whose signature held.</summary>
    public async Task<WebhookSeen?> ForAsync(string subscriptionId, CancellationToken cancellation)
    {
        if (await CameAsync(cancellation).ConfigureAwait(false) is { } seen)
        {
            return seen;
        }

        // It may have come to a demo that was killed before it could write that down; the server keeps it and sends it again.
        var listed = await connection.ReadAsync("list_deliveries", new { subscription_id = subscriptionId, limit = 1 }, cancellation).ConfigureAwait(false);
        if (listed.Objects("deliveries").FirstOrDefault()?.Text("delivery_id") is not { } delivery)
        {
            return null;
        }

        await connection.ChangeAsync("replay_delivery", new { delivery_id = delivery }, Intent.New("replay"), cancellation).ConfigureAwait(false);
        return await CameAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<WebhookSeen?> CameAsync(CancellationToken cancellation)
    {
        try
        {
            return await receiver.Arrived.WaitAsync(Usual, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
