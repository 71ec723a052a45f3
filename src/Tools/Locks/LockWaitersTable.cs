using Pipeline.Storage.State;

namespace Pipeline.Tools.Locks;

/// <summary>
/// The queue: one row a waiting call, one row a path that it waits for. A waiter that shows no sign of life is passed over, and keeps its place
/// should it come back.
/// </summary>
public static class LockWaitersTable
{
    /// <summary>The ticket of whoever has none: behind everyone.</summary>
    public const long Last = long.MaxValue;

    public static readonly Table Schema = new("lock_waiters",
        """
        create table lock_waiters (
            ticket {identity}, waiter_id text not null, mode text not null, principal text not null, agent text not null, alive_until_ms bigint not null);
        create index lock_waiters_by_agent on lock_waiters(agent, principal);
        create table lock_waiter_paths (workspace text not null, path text not null, ticket bigint not null, primary key (workspace, path, ticket));
        create index lock_waiter_paths_by_ticket on lock_waiter_paths(ticket);
        """,
        """
        alter table lock_waiters add column node text not null default '';
        """)
    {
        EmptiedAtOpening = ["lock_waiter_paths", "lock_waiters"],
    };

    private const string Columns = "w.ticket, w.waiter_id, w.mode, w.principal, w.agent, w.alive_until_ms";

    private const string OnPath =
        "from lock_waiter_paths p join lock_waiters w on w.ticket=p.ticket where p.workspace=@workspace and p.path=@path and p.ticket<@before and w.alive_until_ms>@NowMs";

    /// <summary>Queues a call; returns its ticket.</summary>
    public static async ValueTask<long> InsertAsync(ITransaction tx, LockRequest request, string waiterId, string node, long aliveUntilMs)
    {
        var ticket = await tx.FirstAsync<long>(
            "insert into lock_waiters(waiter_id, mode, principal, agent, node, alive_until_ms) values(@waiterId, @Mode, @Principal, @Agent, @node, @aliveUntilMs) returning ticket",
            new { waiterId, request.Mode, request.Principal, request.Agent, node, aliveUntilMs }).ConfigureAwait(false);
        foreach (var asset in request.Assets)
        {
            await tx.ExecuteAsync(
                "insert into lock_waiter_paths(workspace, path, ticket) values(@Workspace, @Path, @ticket)", new { asset.Workspace, asset.Path, ticket }).ConfigureAwait(false);
        }

        return ticket;
    }

    /// <summary>A sign of life; 0 when the waiter was swept.</summary>
    public static ValueTask<int> BeatAsync(ITransaction tx, long ticket, long aliveUntilMs) =>
        tx.ExecuteAsync("update lock_waiters set alive_until_ms=@aliveUntilMs where ticket=@ticket", new { ticket, aliveUntilMs });

    public static async ValueTask RemoveAsync(ITransaction tx, long ticket)
    {
        await tx.ExecuteAsync("delete from lock_waiter_paths where ticket=@ticket", new { ticket }).ConfigureAwait(false);
        await tx.ExecuteAsync("delete from lock_waiters where ticket=@ticket", new { ticket }).ConfigureAwait(false);
    }

    /// <summary>How many live waiters stand before <paramref name="before"/> on a path, and the nearest of them that <paramref name="mode"/> cannot pass.</summary>
    public static async ValueTask<LockQueueAhead> AheadAsync(IQuery query, string workspace, string path, string mode, long before) =>
        (await query.FirstAsync<LockQueueAhead>(
            $"select count(*) as waiting, max(case when @mode='exclusive' or w.mode='exclusive' then w.ticket end) as blocking_ticket {OnPath}",
            new { workspace, path, mode, before, query.NowMs }).ConfigureAwait(false))!;

    /// <summary>Live waiters on a path before a ticket, first come first.</summary>
    public static ValueTask<IReadOnlyList<LockWaiterRow>> OnPathAsync(IQuery query, string workspace, string path, long before, int limit) =>
        query.QueryAsync<LockWaiterRow>($"select {Columns} {OnPath} order by p.ticket limit @limit", new { workspace, path, before, limit, query.NowMs });

    /// <summary>What the agent is waiting for, call by call.</summary>
    public static ValueTask<IReadOnlyList<LockWaiterRow>> OfAgentAsync(IQuery query, string principal, string agent) => query.QueryAsync<LockWaiterRow>(
        $"select {Columns} from lock_waiters w where w.agent=@agent and w.principal=@principal and w.alive_until_ms>@NowMs order by w.ticket",
        new { principal, agent, query.NowMs });

    public static ValueTask<LockWaiterRow?> FindAsync(IQuery query, long ticket) =>
        query.FirstAsync<LockWaiterRow>($"select {Columns} from lock_waiters w where w.ticket=@ticket", new { ticket });

    /// <summary>The paths that a call waits for.</summary>
    public static ValueTask<IReadOnlyList<LockPath>> PathsAsync(IQuery query, long ticket) =>
        query.QueryAsync<LockPath>("select workspace, path from lock_waiter_paths where ticket=@ticket order by workspace, path", new { ticket });

    /// <summary>The nodes whose calls wait, but for <paramref name="mine"/>.</summary>
    public static async ValueTask<IReadOnlyList<string>> NodesAsync(IQuery query, string mine) =>
        await query.QueryAsync<string>("select distinct node from lock_waiters where node<>@mine and node<>''", new { mine }).ConfigureAwait(false);

    /// <summary>The tickets of a node's calls.</summary>
    public static ValueTask<IReadOnlyList<long>> OfNodeAsync(IQuery query, string node) =>
        query.QueryAsync<long>("select ticket from lock_waiters where node=@node order by ticket", new { node });

    /// <summary>Waiters whose call died long ago.</summary>
    public static ValueTask<IReadOnlyList<LockWaiterRow>> DeadAsync(IQuery query, long beforeMs) =>
        query.QueryAsync<LockWaiterRow>($"select {Columns} from lock_waiters w where w.alive_until_ms<@beforeMs", new { beforeMs });
}
