using Pipeline.Storage.State;
using Pipeline.Tools.Events;

namespace Pipeline.Tools.Locks;

/// <summary>What happens to the locks and the queue of a path inside a transaction: who stands in the way, how a lock ends, who is called next.</summary>
public sealed class LockBook(EventLog events)
{
    /// <summary>What a request meets when it comes with <paramref name="ticket"/>. Locks found expired are noted as such.</summary>
    public async ValueTask<LockStanding> LookAsync(ITransaction tx, LockRequest request, long ticket)
    {
        LockRow? blocker = null;
        long? blockingTicket = null, freeAtMs = null;
        var waiting = 0L;
        foreach (var asset in request.Assets)
        {
            foreach (var row in await LocksTable.OpenAsync(tx, asset.Workspace, asset.Path).ConfigureAwait(false))
            {
                if (!row.IsLive(tx.NowMs))
                {
                    await EndAsync(tx, row, LockEnding.Expired).ConfigureAwait(false);
                }
                else if (LockMode.Conflict(row.Mode, request.Mode))
                {
                    blocker ??= row;
                    freeAtMs = Math.Max(freeAtMs ?? 0, row.ExpiresAtMs);
                }
            }

            var ahead = await LockWaitersTable.AheadAsync(tx, asset.Workspace, asset.Path, request.Mode, ticket).ConfigureAwait(false);
            waiting = Math.Max(waiting, ahead.Waiting);
            blockingTicket ??= ahead.BlockingTicket;
        }

        if (blocker is null && blockingTicket is { } first)
        {
            blocker = await AsBlockerAsync(tx, request, first).ConfigureAwait(false);
        }

        return new(blocker, waiting, blockingTicket is null ? freeAtMs : null);
    }

    /// <summary>Ends a lock, tells the workspace, and calls whoever can go next.</summary>
    public async ValueTask EndAsync(ITransaction tx, LockRow row, string ending, string? reason = null)
    {
        if (await LocksTable.EndAsync(tx, row.LockId, ending).ConfigureAwait(false) == 0)
        {
            return;
        }

        await events.AppendAsync(tx, row.Workspace, "lock." + ending, row.Asset,
            new { row.Asset, row.LockId, row.Token, row.Mode, row.Agent, reason }).ConfigureAwait(false);
        await CallNextAsync(tx, row.Workspace, row.Path).ConfigureAwait(false);
    }

    /// <summary>Takes a call out of the queue and calls those who stood behind it.</summary>
    public static async ValueTask LeaveAsync(ITransaction tx, long ticket)
    {
        var paths = await LockWaitersTable.PathsAsync(tx, ticket).ConfigureAwait(false);
        await LockWaitersTable.RemoveAsync(tx, ticket).ConfigureAwait(false);
        foreach (var path in paths)
        {
            await CallNextAsync(tx, path.Workspace, path.Path).ConfigureAwait(false);
        }
    }

    // The first in the queue, or all who share at its head; and only those for whom nothing else is in the way.
    private static async ValueTask CallNextAsync(ITransaction tx, string workspace, string path)
    {
        var queue = await LockWaitersTable.OnPathAsync(tx, workspace, path, LockWaitersTable.Last, 1).ConfigureAwait(false);
        if (queue is [{ Mode: LockMode.Shared }])
        {
            queue = await LockWaitersTable.OnPathAsync(tx, workspace, path, LockWaitersTable.Last, int.MaxValue).ConfigureAwait(false);
        }

        foreach (var waiter in queue.TakeWhile((waiter, place) => place == 0 || waiter.Mode == LockMode.Shared))
        {
            if (await IsFreeAsync(tx, waiter).ConfigureAwait(false))
            {
                tx.Notify(waiter.Channel);
            }
        }
    }

    private static async ValueTask<bool> IsFreeAsync(ITransaction tx, LockWaiterRow waiter)
    {
        foreach (var path in await LockWaitersTable.PathsAsync(tx, waiter.Ticket).ConfigureAwait(false))
        {
            var held = await LocksTable.HeldAsync(tx, path.Workspace, path.Path).ConfigureAwait(false);
            if (held.Any(row => LockMode.Conflict(row.Mode, waiter.Mode))
                || (await LockWaitersTable.AheadAsync(tx, path.Workspace, path.Path, waiter.Mode, waiter.Ticket).ConfigureAwait(false)).BlockingTicket is not null)
            {
                return false;
            }
        }

        return true;
    }

    // The path is free but promised: whoever has been called is told of as if it held already.
    private static async ValueTask<LockRow> AsBlockerAsync(IQuery query, LockRequest request, long ticket)
    {
        var waiter = (await LockWaitersTable.FindAsync(query, ticket).ConfigureAwait(false))!;
        var paths = await LockWaitersTable.PathsAsync(query, ticket).ConfigureAwait(false);
        var path = paths.First(path => request.Assets.Any(asset => asset.Workspace == path.Workspace && asset.Path == path.Path));
        return new()
        {
            Workspace = path.Workspace, Path = path.Path, Mode = waiter.Mode, Principal = waiter.Principal, Agent = waiter.Agent, ExpiresAtMs = waiter.AliveUntilMs,
        };
    }
}
