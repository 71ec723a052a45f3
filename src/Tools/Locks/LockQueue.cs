using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Locks;

/// <summary>
/// Takes locks, waiting in line when the caller wants to. Each look is a transaction of its own; between looks nothing is held but a place in the
/// stored queue, and the call sleeps until it is called, until the lease in its way runs out, or until its next sign of life is due.
/// </summary>
public sealed class LockQueue(Call call, LockBook book, LockGrants grants, Ids ids, Patience patience, TimeProvider time)
{
    // Longer than a stalled machine or a slow disk keeps every waiter silent: nobody alive may be passed. Calls that end leave the queue by
    // themselves, and a store with one owner forgets the calls of the process before.
    private const long AliveMs = 30_000;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(3);

    // A caller that holds something may be in a cycle that closes only later: it looks more often.
    private static readonly TimeSpan HoldingBeat = TimeSpan.FromSeconds(0.4);

    /// <summary>Takes the locks, all or none, within <paramref name="wait"/>.</summary>
    public async Task<LockGrant> AcquireAsync(LockRequest request, TimeSpan wait, CancellationToken cancellation)
    {
        var first = request.Assets[0];
        var turn = new LockTurn(request, ids.New("wait"));
        var began = time.GetTimestamp();
        try
        {
            while (true)
            {
                var called = wait > TimeSpan.Zero ? call.Database.Signals.Ticket(turn.Channel) : Task.CompletedTask;
                var left = patience.Left(wait, began);
                var grant = await call.TryCommitAsync(
                    first.Workspace, request.Together ? null : first.Current, tx => StepAsync(tx, turn, left > TimeSpan.Zero), cancellation,
                    result => new { result.LockId, result.Token, request.Mode, request.Purpose },
                    scope: turn.MayClose ? Scopes.Everything : Scopes.Of(request.Assets.Select(asset => asset.Workspace))).ConfigureAwait(false);
                if (grant is not null)
                {
                    turn.Ticket = turn.Granted ? null : turn.Ticket;
                    return turn.Granted ? grant : await grants.CurrentAsync(grant.LockId, cancellation).ConfigureAwait(false);
                }

                if (turn.Cycle is { } cycle)
                {
                    if (!turn.MayClose)
                    {
                        turn.MayClose = true;
                        continue;
                    }

                    throw new DeadlockError(cycle);
                }

                await patience.WaitAsync(called, turn.Sleep < left ? turn.Sleep : left, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            await LeaveAsync(turn).ConfigureAwait(false);
        }
    }

    private async ValueTask<LockGrant?> StepAsync(ITransaction tx, LockTurn turn, bool mayWait)
    {
        var request = turn.Request;
        (turn.Granted, turn.Cycle) = (false, null);
        foreach (var workspace in request.Assets.Select(asset => asset.Workspace).Distinct())
        {
            await WorkspacesTable.RequireAsync(tx, call.Caller, workspace).ConfigureAwait(false);
        }

        var standing = await book.LookAsync(tx, request, turn.Ticket ?? LockWaitersTable.Last).ConfigureAwait(false);
        if (standing.Blocker is null)
        {
            if (turn.Ticket is { } place)
            {
                await LockWaitersTable.RemoveAsync(tx, place).ConfigureAwait(false);
            }

            turn.Granted = true;
            return await grants.GrantAsync(tx, request).ConfigureAwait(false);
        }

        if (!mayWait)
        {
            throw new LockHeldError(standing.Blocker, tx.NowMs, (int)standing.Waiting + 1);
        }

        await StayAsync(tx, turn, standing).ConfigureAwait(false);
        return null;
    }

    private async ValueTask StayAsync(ITransaction tx, LockTurn turn, LockStanding standing)
    {
        var aliveUntilMs = tx.NowMs + AliveMs;
        if (turn.Ticket is null || await LockWaitersTable.BeatAsync(tx, turn.Ticket.Value, aliveUntilMs).ConfigureAwait(false) == 0)
        {
            turn.Ticket = await LockWaitersTable.InsertAsync(tx, turn.Request, turn.WaiterId, call.Database.Node, aliveUntilMs).ConfigureAwait(false);
        }

        turn.Sleep = Beat;
        if (await LocksTable.HoldsAnyAsync(tx, turn.Request.Principal, turn.Request.Agent).ConfigureAwait(false))
        {
            turn.Sleep = HoldingBeat;
            var mine = (await LockWaitersTable.FindAsync(tx, turn.Ticket.Value).ConfigureAwait(false))!;
            turn.Cycle = await DeadlockSearch.FindAsync(tx, mine).ConfigureAwait(false);
            if (turn.Cycle is not null && turn.MayClose)
            {
                // Out of the queue in the same transaction: of the agents in the cycle only one is refused.
                await LockWaitersTable.RemoveAsync(tx, turn.Ticket.Value).ConfigureAwait(false);
            }
        }

        if (standing.FreeAtMs is { } freeAtMs && TimeSpan.FromMilliseconds(freeAtMs - tx.NowMs + 1) is var free && free < turn.Sleep)
        {
            turn.Sleep = free;
        }
    }

    // Not cancellable: whoever gives up must not leave a ghost in the queue.
    private async Task LeaveAsync(LockTurn turn)
    {
        if (turn.Ticket is { } ticket)
        {
            await call.Database.RelieveAsync(Scopes.Of(turn.Request.Assets.Select(asset => asset.Workspace)), async tx =>
            {
                await LockBook.LeaveAsync(tx, ticket).ConfigureAwait(false);
                return true;
            }, CancellationToken.None).ConfigureAwait(false);
        }

        call.Database.Signals.Raise(turn.Channel); // nobody waits on it any more: frees the channel
    }
}
