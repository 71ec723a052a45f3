using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Locks;

[Tool(Toolset.Locks)]
internal sealed partial class ListLocks(Call call)
{
    /// <summary>Lists live locks of a workspace, an asset or an agent: who holds what, until when, how many wait.</summary>
    /// <param name="workspace">All in it.</param>
    /// <param name="asset">Those on workspace/path.</param>
    /// <param name="agent">Those that it holds.</param>
    /// <param name="cursor">From the page before.</param>
    /// <param name="limit">1-100.</param>
    [McpServerTool(Name = "list_locks", Title = "List locks", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<LockList> RunAsync(
        string? workspace = null, string? asset = null, string? agent = null, string? cursor = null, int limit = 100, CancellationToken cancellation = default)
    {
        Limits.Page(limit);
        if (workspace is null && asset is null && agent is null)
        {
            throw new InvalidArgumentError("workspace", "Name a workspace, an asset or an agent.");
        }

        var name = asset is null ? null : AssetName.Parse(asset);
        if (name is not null && workspace is not null && workspace != name.Workspace)
        {
            throw new InvalidArgumentError("workspace", $"'{asset}' is not in workspace '{workspace}'; name one of the two.");
        }

        var place = name?.Workspace ?? workspace;
        return await call.Database.ReadAsync(async query =>
        {
            if (place is not null)
            {
                await WorkspacesTable.RequireAsync(query, call.Caller, place).ConfigureAwait(false);
            }

            var rows = await LocksTable.PageAsync(query, place, name?.Path, agent, call.Caller.Workspaces, cursor ?? "", limit + 1).ConfigureAwait(false);
            var locks = new List<LockInfo>(rows.Count);
            foreach (var row in rows.Take(limit).OrderBy(row => row.Asset, StringComparer.Ordinal).ThenBy(row => row.Token))
            {
                locks.Add(await InfoAsync(query, row).ConfigureAwait(false));
            }

            return new LockList(locks, rows.Count > limit ? rows[limit - 1].LockId : null);
        }, cancellation).ConfigureAwait(false);
    }

    private static async ValueTask<LockInfo> InfoAsync(IQuery query, LockRow row)
    {
        var queue = await LockWaitersTable.AheadAsync(query, row.Workspace, row.Path, row.Mode, LockWaitersTable.Last).ConfigureAwait(false);
        return new(row.Asset, row.LockId, row.Token, row.Mode, row.Agent, row.Principal, row.Purpose,
            Instant.From(row.AcquiredAtMs), Instant.From(row.ExpiresAtMs), row.TtlMs / 1000.0, queue.Waiting);
    }
}

/// <summary>Live locks, by asset within a page.</summary>
public sealed record LockList(IReadOnlyList<LockInfo> Locks, string? Cursor);

/// <summary>A live lock.</summary>
/// <param name="Holder">The agent that holds it.</param>
/// <param name="Waiting">How many calls wait for the path.</param>
public sealed record LockInfo(
    string Asset, string LockId, long Token, string Mode, string Holder, string Principal, string? Purpose,
    DateTimeOffset AcquiredAt, DateTimeOffset ExpiresAt, double TtlSeconds, long Waiting);
