using Pipeline.Storage.State;

namespace Pipeline.Tools.Locks;

/// <summary>Leases on asset paths with their fencing tokens (Kleppmann, "How to do distributed locking", 2016: the check lives where the write lands).</summary>
public static class LocksTable
{
    public static readonly Table Schema = new("locks",
        """
        create table lock_tokens (workspace text not null, path text not null, token bigint not null, primary key (workspace, path));
        create table locks (
            lock_id text primary key, workspace text not null, path text not null, mode text not null, token bigint not null,
            principal text not null, agent text not null, purpose text, ttl_ms bigint not null, acquired_at_ms bigint not null, expires_at_ms bigint not null);
        create index locks_by_path on locks(workspace, path);
        create index locks_by_expiry on locks(expires_at_ms);
        """);

    /// <summary>
    /// True for a write that the locks allow: nobody holds the path and no token is named, or the token named is that of the caller's own live
    /// exclusive lock. Parameters: Workspace, Path, LockToken, Principal, Agent, NowMs.
    /// </summary>
    public const string WriteGuard =
        """
        ((cast(@LockToken as bigint) is null and not exists (
            select 1 from locks where workspace=@Workspace and path=@Path and expires_at_ms>@NowMs))
         or exists (
            select 1 from locks where workspace=@Workspace and path=@Path and token=@LockToken and mode='exclusive'
                and principal=@Principal and agent=@Agent and expires_at_ms>@NowMs))
        """;

    private const string Columns = "lock_id, workspace, path, mode, token, principal, agent, purpose, ttl_ms, acquired_at_ms, expires_at_ms";

    /// <summary>The live locks on a path, oldest token first.</summary>
    public static ValueTask<IReadOnlyList<LockRow>> HeldAsync(IQuery query, string workspace, string path) => query.QueryAsync<LockRow>(
        $"select {Columns} from locks where workspace=@workspace and path=@path and expires_at_ms>@NowMs order by token", new { workspace, path, query.NowMs });

    /// <summary>The live locks on any of <paramref name="paths"/>, by path, oldest token first.</summary>
    public static ValueTask<IReadOnlyList<LockRow>> HeldAsync(IQuery query, string workspace, IReadOnlyCollection<string> paths) => query.QueryAsync<LockRow>(
        $"select {Columns} from locks where workspace=@workspace and path in @paths and expires_at_ms>@NowMs order by path, token", new { workspace, paths, query.NowMs });
}
