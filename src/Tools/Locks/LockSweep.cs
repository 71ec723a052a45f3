using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Locks;

/// <summary>
/// Notes within a second that locks have expired, so that the workspace hears of it, and forgets old ones. While a lock is held it also makes the
/// store remember the time, so that a crash gives no lease much more than its remainder.
/// </summary>
internal sealed class LockSweep(IDatabase database, LockBook book, TimeProvider time) : IBackgroundWork
{
    private const int Batch = 100;
    private const int TicksBetweenPurges = 600;
    private const long KeptMs = 25 * 60 * 60 * 1000L;
    private const long DeadWaiterMs = 60_000;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        for (var tick = 0; ; tick++)
        {
            var (next, now) = await database.ReadAsync(
                async query => (await LocksTable.NextExpiryAsync(query).ConfigureAwait(false), query.NowMs), cancellation).ConfigureAwait(false);
            if (next is not null || tick % TicksBetweenPurges == 0)
            {
                await SweepAsync(tick % TicksBetweenPurges == 0, cancellation).ConfigureAwait(false);
            }

            var pause = next is { } at && at > now && at - now < Tick.TotalMilliseconds ? TimeSpan.FromMilliseconds(at - now + 1) : Tick;
            await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task SweepAsync(bool purge, CancellationToken cancellation)
    {
        foreach (var workspace in await database.ReadAsync(LocksTable.ExpiredInAsync, cancellation).ConfigureAwait(false))
        {
            await database.RelieveAsync(workspace, tx => ExpireAsync(tx, workspace), cancellation).ConfigureAwait(false);
        }

        if (database.Node.Length == 0)
        {
            await database.RelieveAsync(LocksTable.TouchAsync, cancellation).ConfigureAwait(false);
        }

        if (purge)
        {
            await database.RelieveAsync(Scopes.Locks, PurgeAsync, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> ExpireAsync(ITransaction tx, string workspace)
    {
        foreach (var row in await LocksTable.ExpiredAsync(tx, workspace, Batch).ConfigureAwait(false))
        {
            await book.EndAsync(tx, row, LockEnding.Expired).ConfigureAwait(false);
        }

        return true;
    }

    private static async ValueTask<bool> PurgeAsync(ITransaction tx)
    {
        await LocksTable.ForgetAsync(tx, tx.NowMs - KeptMs).ConfigureAwait(false);
        foreach (var dead in await LockWaitersTable.DeadAsync(tx, tx.NowMs - DeadWaiterMs).ConfigureAwait(false))
        {
            await LockWaitersTable.RemoveAsync(tx, dead.Ticket).ConfigureAwait(false);
        }

        return true;
    }
}
