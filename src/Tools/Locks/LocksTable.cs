using Pipeline.Storage.State;

namespace Pipeline.Tools.Locks;

/// <summary>
/// Leases on asset paths with their fencing tokens (Kleppmann, "How to do distributed locking", 2016: the check lives where the write lands).
/// A lock that ended stays for a day, so that repeating its release or asking after it gets a true answer.
/// </summary>
public static class LocksTable
{
    public static readonly Table Schema = new("locks",
        """
        create table lock_tokens (workspace text not null, path text not null, token bigint not null, primary key (workspace, path));
        create table locks (
            lock_id text primary key, group_id text, workspace text not null, path text not null, mode text not null, token bigint not null,
            principal text not null, agent text not null, purpose text, ttl_ms bigint not null, acquired_at_ms bigint not null, expires_at_ms bigint not null,
            ended_at_ms bigint, ending text);
        create index locks_open_by_path on locks(workspace, path) where ended_at_ms is null;
        create index locks_open_by_holder on locks(agent, principal) where ended_at_ms is null;
        create index locks_by_group on locks(group_id) where group_id is not null;
        create index locks_by_end on locks(ended_at_ms) where ended_at_ms is not null;
        """)
    {
        Leases = [new("locks", "expires_at_ms")],
    };

    /// <summary>
    /// True for a write that the locks allow: nobody holds the path and no token is named, or the token named is that of the caller's own live
    /// exclusive lock. Parameters: Workspace, Path, LockToken, Principal, Agent, NowMs.
    /// </summary>
    public const string WriteGuard =
        """
        ((cast(@LockToken as bigint) is null and not exists (
            select 1 from locks where workspace=@Workspace and path=@Path and ended_at_ms is null and expires_at_ms>@NowMs))
         or exists (
            select 1 from locks where workspace=@Workspace and path=@Path and ended_at_ms is null and expires_at_ms>@NowMs
                and token=@LockToken and mode='exclusive' and principal=@Principal and agent=@Agent))
        """;

    private const string Columns =
        "lock_id, group_id, workspace, path, mode, token, principal, agent, purpose, ttl_ms, acquired_at_ms, expires_at_ms, ended_at_ms, ending";

    /// <summary>The live locks on a path, oldest token first.</summary>
    public static ValueTask<IReadOnlyList<LockRow>> HeldAsync(IQuery query, string workspace, string path) => query.QueryAsync<LockRow>(
        $"select {Columns} from locks where workspace=@workspace and path=@path and ended_at_ms is null and expires_at_ms>@NowMs order by token",
        new { workspace, path, query.NowMs });

    /// <summary>The live locks on any of <paramref name="paths"/>, by path, oldest token first.</summary>
    public static ValueTask<IReadOnlyList<LockRow>> HeldAsync(IQuery query, string workspace, IReadOnlyCollection<string> paths) => query.QueryAsync<LockRow>(
        $"select {Columns} from locks where workspace=@workspace and path in @paths and ended_at_ms is null and expires_at_ms>@NowMs order by path, token",
        new { workspace, paths, query.NowMs });

    /// <summary>The locks on a path whose end nobody has noted, expired ones among them.</summary>
    public static ValueTask<IReadOnlyList<LockRow>> OpenAsync(IQuery query, string workspace, string path) => query.QueryAsync<LockRow>(
        $"select {Columns} from locks where workspace=@workspace and path=@path and ended_at_ms is null order by token", new { workspace, path });

    /// <summary>The lock of that id, or the locks of that group, ended ones too, by path.</summary>
    public static ValueTask<IReadOnlyList<LockRow>> NamedAsync(IQuery query, string lockId) => query.QueryAsync<LockRow>(
        $"select {Columns} from locks where lock_id=@lockId or group_id=@lockId order by workspace, path", new { lockId });

    /// <summary>Whether the agent holds anything.</summary>
    public static async ValueTask<bool> HoldsAnyAsync(IQuery query, string principal, string agent) => await query.FirstAsync<long>(
        "select count(*) from locks where agent=@agent and principal=@principal and ended_at_ms is null and expires_at_ms>@NowMs",
        new { principal, agent, query.NowMs }).ConfigureAwait(false) > 0;

    /// <summary>The agent's live locks, for whoever asks what it holds.</summary>
    public static ValueTask<IReadOnlyList<LockRow>> OfAgentAsync(IQuery query, string principal, string agent) => query.QueryAsync<LockRow>(
        $"select {Columns} from locks where agent=@agent and principal=@principal and ended_at_ms is null and expires_at_ms>@NowMs order by workspace, path, token",
        new { principal, agent, query.NowMs });

    /// <summary>Live locks by id after <paramref name="after"/>; null for a filter that does not apply.</summary>
    public static ValueTask<IReadOnlyList<LockRow>> PageAsync(
        IQuery query, string? workspace, string? path, string? agent, IReadOnlyCollection<string>? seen, string after, int limit)
    {
        var filter = (workspace is null ? "" : " and workspace=@workspace") + (path is null ? "" : " and path=@path")
            + (agent is null ? "" : " and agent=@agent") + (seen is null ? "" : " and workspace in @seen");
        return query.QueryAsync<LockRow>(
            $"select {Columns} from locks where ended_at_ms is null and expires_at_ms>@NowMs{filter} and lock_id>@after order by lock_id limit @limit",
            new { workspace, path, agent, seen, after, limit, query.NowMs });
    }

    /// <summary>Draws the path's next fencing token.</summary>
    public static ValueTask<long> NextTokenAsync(ITransaction tx, string workspace, string path) => tx.FirstAsync<long>(
        """
        insert into lock_tokens(workspace, path, token) values(@workspace, @path, 1)
        on conflict(workspace, path) do update set token=lock_tokens.token+1 returning token
        """,
        new { workspace, path });

    public static ValueTask<int> InsertAsync(ITransaction tx, LockRow row) => tx.ExecuteAsync(
        """
        insert into locks(lock_id, group_id, workspace, path, mode, token, principal, agent, purpose, ttl_ms, acquired_at_ms, expires_at_ms)
        values(@LockId, @GroupId, @Workspace, @Path, @Mode, @Token, @Principal, @Agent, @Purpose, @TtlMs, @AcquiredAtMs, @ExpiresAtMs)
        """,
        row);

    /// <summary>Sets the lease of a lock.</summary>
    public static ValueTask<int> ExtendAsync(ITransaction tx, string lockId, long ttlMs, long expiresAtMs) => tx.ExecuteAsync(
        "update locks set ttl_ms=@ttlMs, expires_at_ms=@expiresAtMs where lock_id=@lockId and ended_at_ms is null", new { lockId, ttlMs, expiresAtMs });

    /// <summary>Notes the end of a lock; 0 when it had one.</summary>
    public static ValueTask<int> EndAsync(ITransaction tx, string lockId, string ending) => tx.ExecuteAsync(
        "update locks set ended_at_ms=@NowMs, ending=@ending where lock_id=@lockId and ended_at_ms is null", new { lockId, ending, tx.NowMs });

    /// <summary>Changes nothing, but is a write: the store remembers the time with every write.</summary>
    public static ValueTask<int> TouchAsync(ITransaction tx) => tx.ExecuteAsync(
        "update locks set ending=ending where lock_id=(select lock_id from locks where ended_at_ms is null limit 1)");

    /// <summary>When the next open lock expires, the past included; null when none is open.</summary>
    public static ValueTask<long?> NextExpiryAsync(IQuery query) => query.FirstAsync<long?>("select min(expires_at_ms) from locks where ended_at_ms is null");

    /// <summary>Locks that have expired without anyone noting it.</summary>
    public static ValueTask<IReadOnlyList<LockRow>> ExpiredAsync(IQuery query, string workspace, int limit) => query.QueryAsync<LockRow>(
        $"select {Columns} from locks where ended_at_ms is null and expires_at_ms<=@NowMs and workspace=@workspace order by expires_at_ms, lock_id limit @limit", new { workspace, limit, query.NowMs });

    /// <summary>The workspaces that have such locks.</summary>
    public static ValueTask<IReadOnlyList<string>> ExpiredInAsync(IQuery query) => query.QueryAsync<string>(
        "select distinct workspace from locks where ended_at_ms is null and expires_at_ms<=@NowMs", new { query.NowMs });

    /// <summary>Forgets locks that ended before <paramref name="beforeMs"/>.</summary>
    public static ValueTask<int> ForgetAsync(ITransaction tx, long beforeMs) =>
        tx.ExecuteAsync("delete from locks where ended_at_ms is not null and ended_at_ms<@beforeMs", new { beforeMs });
}
