using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Workspaces;

[Tool(Toolset.Storage)]
internal sealed partial class ListWorkspaces(Call call)
{
    /// <summary>Lists the workspaces that you see.</summary>
    [McpServerTool(Name = "list_workspaces", Title = "List workspaces", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<WorkspaceList> RunAsync(CancellationToken cancellation = default)
    {
        var rows = await call.Database.ReadAsync(WorkspacesTable.AllAsync, cancellation).ConfigureAwait(false);
        return new([.. rows.Where(row => call.Caller.Sees(row.Workspace)).Select(WorkspaceResult.From)]);
    }
}

/// <summary>The workspaces that the caller sees, by name.</summary>
public sealed record WorkspaceList(IReadOnlyList<WorkspaceResult> Workspaces);
