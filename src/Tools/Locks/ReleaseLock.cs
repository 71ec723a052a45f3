using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Locks;

[Tool(Toolset.Locks, Changes = true, ShowsIdentity = true)]
internal sealed partial class ReleaseLock(Call call, LockBook book, LockGrants grants)
{
    /// <summary>Gives a lock back at once; the next in line is woken. Doing it again changes nothing.</summary>
    /// <param name="lock_id">From acquire_lock.</param>
    [McpServerTool(Name = "release_lock", Title = "Release lock", ReadOnly = false, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<LockReleased> RunAsync(string lock_id, CancellationToken cancellation = default)
    {
        var rows = await call.Database.ReadAsync(query => grants.OwnAsync(query, lock_id), cancellation).ConfigureAwait(false);
        return await call.CommitAsync(rows[0].Workspace, rows.Count == 1 ? rows[0].Asset : null, async tx =>
        {
            foreach (var row in await grants.OwnAsync(tx, lock_id).ConfigureAwait(false))
            {
                await book.EndAsync(tx, row, row.IsLive(tx.NowMs) ? LockEnding.Released : LockEnding.Expired).ConfigureAwait(false);
            }

            return new LockReleased(lock_id, true);
        }, cancellation, _ => new { lock_id }, frees: true, scope: Scopes.Of(rows.Select(row => row.Workspace))).ConfigureAwait(false);
    }
}

/// <summary>The lock is no longer held, whether by this call or before it.</summary>
public sealed record LockReleased(string LockId, bool Released);
