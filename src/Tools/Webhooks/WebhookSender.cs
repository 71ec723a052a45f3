using Microsoft.Extensions.Logging;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Webhooks;

/// <summary>
/// Sends what is due: claims deliveries with a lease and a fencing number, sends them side by side within each host's turns, and sleeps until a
/// commit brings more, a request ends, or the next one is due. A sender that dies leaves claims that lapse.
/// </summary>
internal sealed class WebhookSender(
    IDatabase database, WebhookAttempt attempt, WebhookLedger ledger, WebhookOptions options, TimeProvider time, ILoggerFactory logs) : IBackgroundWork
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StorageRest = TimeSpan.FromSeconds(1);

    private readonly HostSlots _slots = new(options.MaxInFlight, options.MaxPerHost);
    private readonly ILogger _log = logs.CreateLogger<WebhookSender>();

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var cut = new CancellationTokenSource();
        var underWay = new List<Task>();
        try
        {
            while (true)
            {
                var news = database.Signals.Ticket(DeliveriesTable.Channel); // before the look, so that nothing between is missed
                var claimed = await ClaimAsync(cancellation).ConfigureAwait(false);
                underWay.RemoveAll(task => task.IsCompletedSuccessfully);
                underWay.AddRange(claimed.Select(delivery => DeliverAsync(delivery, cut.Token)));
                if (claimed.Count == 0)
                {
                    await Signals.WaitAsync(news, await SleepAsync(cancellation).ConfigureAwait(false), time, cancellation).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            cut.CancelAfter(options.StopGrace);
            await Task.WhenAll(underWay).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<IReadOnlyList<DeliveryRow>> ClaimAsync(CancellationToken cancellation)
    {
        if (_slots.Busy() is not { } busy)
        {
            return [];
        }

        var queues = await database.ReadAsync(query => DeliveriesTable.DueAsync(query, busy), cancellation).ConfigureAwait(false);
        if (queues.Count == 0)
        {
            return [];
        }

        try
        {
            return await database.TransactAsync(Scopes.Webhooks, tx => ClaimAsync(tx, queues), cancellation).ConfigureAwait(false);
        }
        catch (StorageFailedException failure)
        {
            _log.LogWarning(failure, "Webhooks wait: the state store takes no claims");
            await Task.Delay(StorageRest, time, cancellation).ConfigureAwait(false);
            return [];
        }
    }

    private async ValueTask<IReadOnlyList<DeliveryRow>> ClaimAsync(ITransaction tx, IReadOnlyList<QueueRow> queues)
    {
        var claimed = new List<DeliveryRow>();
        foreach (var queue in queues)
        {
            if (_slots.Free(queue.Host, claimed.Count(row => row.Host == queue.Host), claimed.Count) is > 0 and var free)
            {
                claimed.AddRange(await DeliveriesTable.ClaimAsync(tx, database.Dialect, queue.SubscriptionId, (long)options.Lease.TotalMilliseconds, free).ConfigureAwait(false));
            }
        }

        return claimed;
    }

    private async Task<TimeSpan> SleepAsync(CancellationToken cancellation)
    {
        if (_slots.Busy() is not { } busy)
        {
            return LongestSleep; // a request that ends wakes us
        }

        return await database.ReadAsync(async query =>
        {
            var dueAtMs = await DeliveriesTable.NextDueAsync(query, busy).ConfigureAwait(false);
            var longestMs = (long)LongestSleep.TotalMilliseconds;
            return TimeSpan.FromMilliseconds(dueAtMs is { } due ? Math.Clamp(due - query.NowMs, 0, longestMs) : longestMs);
        }, cancellation).ConfigureAwait(false);
    }

    private async Task DeliverAsync(DeliveryRow delivery, CancellationToken cut)
    {
        _slots.Take(delivery.Host);
        try
        {
            var outcome = await attempt.SendAsync(delivery, cut).ConfigureAwait(false);
            await ledger.SettleAsync(delivery, outcome, CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            await ledger.ReleaseAsync(delivery, CancellationToken.None).ConfigureAwait(false);
        }
        catch (StorageFailedException failure)
        {
            _log.LogWarning(failure, "The outcome of {DeliveryId} could not be kept; it is sent again when its claim lapses", delivery.DeliveryId);
        }
        finally
        {
            _slots.Return(delivery.Host);
            database.Signals.Raise(DeliveriesTable.Channel);
        }
    }
}
