using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Locks;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

/// <summary>
/// Decides whether a call may write a path: workspace, claim, lock, version, in that order. Ask it before slow work, so that nothing is done in
/// vain, and again in the transaction that commits, where its answer counts.
/// </summary>
public sealed class WriteGuard(Call call, IEnumerable<IClaimCheck> claims)
{
    /// <summary>Returns the workspace and the newest row of the path (null when it was never written), or throws why not.</summary>
    public async ValueTask<WriteTarget> CheckAsync(IQuery query, AssetName name)
    {
        var workspace = await WorkspacesTable.RequireAsync(query, call.Caller, name.Workspace).ConfigureAwait(false);
        if (call.Terms.Claim is { } claim)
        {
            foreach (var check in claims)
            {
                await check.CheckAsync(query, claim, call.Caller).ConfigureAwait(false);
            }
        }

        await WriteLock.CheckAsync(query, call, workspace, name.Path).ConfigureAwait(false);
        var newest = await AssetsTable.NewestAsync(query, name).ConfigureAwait(false);
        var current = newest is { Deleted: 0 } ? newest.Version : 0;
        return call.Terms.IfVersion is { } expected && expected != current
            ? throw new VersionConflictError(name.Current, expected, current)
            : new(workspace, newest);
    }

    /// <summary>The same outside a transaction, before slow work.</summary>
    public Task<WriteTarget> CheckEarlyAsync(AssetName name, CancellationToken cancellation) =>
        call.Database.ReadAsync(query => CheckAsync(query, name), cancellation);
}

/// <summary>Where a write would land.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Newest">The newest version of the path, deleted or not; null when it was never written.</param>
public sealed record WriteTarget(WorkspaceRow Workspace, AssetRow? Newest);
