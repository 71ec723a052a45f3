using Pipeline.Storage.State;

namespace Pipeline.Tools.Locks;

/// <summary>
/// Looks for a cycle among waiting calls that a new wait closes (depth-first search of the wait-for graph). A call waits for the agents that hold
/// its paths and for the calls before it in their queues; an agent that holds something waits for all that its own waiting calls wait for.
/// </summary>
internal sealed class DeadlockSearch
{
    private readonly IQuery _query;
    private readonly LockWaiterRow _mine;
    private readonly HashSet<LockPath> _myPaths;
    private readonly HashSet<long> _seen;
    private readonly List<LockWaitEdge> _trail = [];

    private DeadlockSearch(IQuery query, LockWaiterRow mine, IEnumerable<LockPath> paths) =>
        (_query, _mine, _myPaths, _seen) = (query, mine, [.. paths], [mine.Ticket]);

    /// <summary>The cycle that <paramref name="mine"/> closes, beginning with its own agent; null when there is none.</summary>
    public static async ValueTask<IReadOnlyList<LockWaitEdge>?> FindAsync(IQuery query, LockWaiterRow mine)
    {
        // Every cycle comes back through a lock that this agent holds.
        if (!await LocksTable.HoldsAnyAsync(query, mine.Principal, mine.Agent).ConfigureAwait(false))
        {
            return null;
        }

        var search = new DeadlockSearch(query, mine, await LockWaitersTable.PathsAsync(query, mine.Ticket).ConfigureAwait(false));
        return await search.ClosesAsync(mine, behindHolder: false).ConfigureAwait(false) ? search._trail : null;
    }

    // An agent that waits for itself waits like anyone: another call of its own may release. That also covers those who merely queue behind a lock
    // of ours on the very path that we queue for; it does not cover a holder that we wait for while it waits for us.
    private async ValueTask<bool> ClosesAsync(LockWaiterRow waiter, bool behindHolder)
    {
        var paths = await LockWaitersTable.PathsAsync(_query, waiter.Ticket).ConfigureAwait(false);
        foreach (var path in paths)
        {
            foreach (var held in await LocksTable.HeldAsync(_query, path.Workspace, path.Path).ConfigureAwait(false))
            {
                if (held.IsHeldBy(waiter.Principal, waiter.Agent) || !LockMode.Conflict(held.Mode, waiter.Mode))
                {
                    continue;
                }

                if (held.IsHeldBy(_mine.Principal, _mine.Agent))
                {
                    if (behindHolder || !_myPaths.Contains(path))
                    {
                        _trail.Add(new(waiter.Agent, held.Asset, held.Agent));
                        return true;
                    }
                }
                else if (await AnyClosesAsync(
                    waiter, await LockWaitersTable.OfAgentAsync(_query, held.Principal, held.Agent).ConfigureAwait(false), path, behindHolder || waiter == _mine).ConfigureAwait(false))
                {
                    return true;
                }
            }
        }

        foreach (var path in paths)
        {
            var ahead = await LockWaitersTable.OnPathAsync(_query, path.Workspace, path.Path, waiter.Ticket, int.MaxValue).ConfigureAwait(false);
            if (await AnyClosesAsync(waiter, ahead.Where(other => LockMode.Conflict(other.Mode, waiter.Mode)), path, behindHolder).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<bool> AnyClosesAsync(LockWaiterRow waiter, IEnumerable<LockWaiterRow> others, LockPath path, bool behindHolder)
    {
        foreach (var other in others.Where(other => _seen.Add(other.Ticket)))
        {
            _trail.Add(new(waiter.Agent, $"{path.Workspace}/{path.Path}", other.Agent));
            if (await ClosesAsync(other, behindHolder).ConfigureAwait(false))
            {
                return true;
            }

            _trail.RemoveAt(_trail.Count - 1);
        }

        return false;
    }
}
