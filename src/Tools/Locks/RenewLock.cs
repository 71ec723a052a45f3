using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Locks;

[Tool(Toolset.Locks, Changes = true, ShowsIdentity = true)]
internal sealed partial class RenewLock(Call call, LockGrants grants)
{
    /// <summary>Restarts the lease of a lock that you hold. Once it has expired it is lock_lost, even if nobody took it.</summary>
    /// <param name="lock_id">From acquire_lock.</param>
    /// <param name="ttl_seconds">1-3600; as before if left out.</param>
    [McpServerTool(Name = "renew_lock", Title = "Renew lock", ReadOnly = false, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<LockGrant> RunAsync(string lock_id, double? ttl_seconds = null, CancellationToken cancellation = default)
    {
        var ttlMs = ttl_seconds is { } ttl ? Limits.LeaseMs(ttl, "ttl_seconds") : (long?)null;
        var rows = await call.Database.ReadAsync(query => grants.LiveAsync(query, lock_id), cancellation).ConfigureAwait(false);
        return await call.CommitAsync(rows[0].Workspace, rows.Count == 1 ? rows[0].Asset : null,
            async tx => LockGrant.From(await LockGrants.ExtendAsync(tx, await grants.LiveAsync(tx, lock_id).ConfigureAwait(false), ttlMs).ConfigureAwait(false)),
            cancellation, result => new { lock_id, result.TtlSeconds }, frees: true, scope: Scopes.Of(rows.Select(row => row.Workspace))).ConfigureAwait(false);
    }
}
