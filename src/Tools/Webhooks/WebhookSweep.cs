using Microsoft.Extensions.Logging;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Webhooks;

/// <summary>Forgets, every hour, deliveries that ended long ago and keys that sign no more, and gives up what waits for a receiver that does not come back.</summary>
internal sealed class WebhookSweep(IDatabase database, WebhookOptions options, TimeProvider time, ILoggerFactory logs) : IBackgroundWork
{
    private const int Batch = 500;

    private static readonly TimeSpan Rest = TimeSpan.FromHours(1);

    private readonly ILogger _log = logs.CreateLogger<WebhookSweep>();

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                while (await database.TransactAsync(Scopes.Webhooks, SweepAsync, cancellation).ConfigureAwait(false) > 0)
                {
                    // the next batch
                }
            }
            catch (StorageFailedException failure)
            {
                _log.LogWarning(failure, "Old webhook deliveries stay for another hour: the state store takes no changes");
            }

            await Task.Delay(Rest, time, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask<int> SweepAsync(ITransaction tx)
    {
        var (deliveredBeforeMs, deadBeforeMs) = (tx.NowMs - (long)options.KeepDelivered.TotalMilliseconds, tx.NowMs - (long)options.KeepDead.TotalMilliseconds);
        await SubscriptionsTable.ForgetOldSecretsAsync(tx).ConfigureAwait(false);
        return await DeliveriesTable.GiveUpAsync(tx, deadBeforeMs, Batch).ConfigureAwait(false)
            + await DeliveriesTable.ForgetAsync(tx, deliveredBeforeMs, deadBeforeMs, Batch).ConfigureAwait(false);
    }
}
