using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Locks;

/// <summary>Tells a writer why the locks refuse it; the statement that commits carries <see cref="LocksTable.WriteGuard"/> itself.</summary>
public static class WriteLock
{
    public static async ValueTask CheckAsync(IQuery query, Call call, WorkspaceRow workspace, string path)
    {
        var asset = $"{workspace.Workspace}/{path}";
        var held = await LocksTable.HeldAsync(query, workspace.Workspace, path).ConfigureAwait(false);
        if (call.Terms.LockToken is { } token)
        {
            var mine = held.FirstOrDefault(row => row.Token == token && row.IsHeldBy(call.Caller.Principal, call.Agent));
            if (mine?.Mode == LockMode.Shared)
            {
                throw new SharedTokenError(asset, token);
            }

            if (mine is null)
            {
                throw new StaleTokenError(asset, token, held.Count > 0 ? held[0] : null);
            }
        }
        else if (held.Count > 0)
        {
            throw new LockHeldError(held[0], query.NowMs);
        }
        else if (workspace.LocksRequired != 0)
        {
            throw new LockRequiredError(asset);
        }
    }
}
