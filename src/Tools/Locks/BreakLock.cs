using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Locks;

[Tool(Toolset.Locks, Changes = true, Admin = true)]
internal sealed partial class BreakLock(Call call, LockBook book)
{
    private const int LongestReason = 500;

    /// <summary>Takes a lock away from its holder; its token is dead from then on.</summary>
    /// <param name="lock_id">From list_locks.</param>
    /// <param name="reason">Kept in the log and told to the workspace.</param>
    [McpServerTool(Name = "break_lock", Title = "Break lock", ReadOnly = false, Destructive = true, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<LockBroken> RunAsync(string lock_id, string reason, CancellationToken cancellation = default)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason)
        {
            throw new InvalidArgumentError("reason", $"Say why, in 1 to {LongestReason} characters.");
        }

        var rows = await call.Database.ReadAsync(query => LocksTable.NamedAsync(query, lock_id), cancellation).ConfigureAwait(false);
        if (rows.Count == 0 || !rows.All(row => call.Caller.Sees(row.Workspace)))
        {
            throw new NotFoundError("lock", lock_id, "list_locks");
        }

        await call.Database.ReadAsync(async query =>
        {
            foreach (var row in rows)
            {
                await OrganizationsTable.RequireOwnerAsync(query, call.Caller, row.Workspace).ConfigureAwait(false);
            }

            return true;
        }, cancellation).ConfigureAwait(false);
        return await call.CommitAsync(rows[0].Workspace, rows.Count == 1 ? rows[0].Asset : null, async tx =>
        {
            foreach (var row in await LocksTable.NamedAsync(tx, lock_id).ConfigureAwait(false))
            {
                await book.EndAsync(tx, row, row.IsLive(tx.NowMs) ? LockEnding.Broken : LockEnding.Expired, reason).ConfigureAwait(false);
            }

            return new LockBroken(lock_id, true);
        }, cancellation, _ => new { lock_id, holder = rows[0].Agent, reason }, frees: true, scope: Scopes.Of(rows.Select(row => row.Workspace))).ConfigureAwait(false);
    }
}

/// <summary>The lock is no longer held.</summary>
public sealed record LockBroken(string LockId, bool Broken);
