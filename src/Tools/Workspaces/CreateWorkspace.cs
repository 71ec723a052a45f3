using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;

namespace Pipeline.Tools.Workspaces;

[Tool(Toolset.Storage, Changes = true)]
internal sealed partial class CreateWorkspace(Call call, EventLog events)
{
    /// <summary>Creates a workspace: the place for a project's assets, locks, index and runs.</summary>
    /// <param name="workspace">Name: a-z, 0-9, '-', '_', '.'.</param>
    /// <param name="organization">Owner; "default" if left out.</param>
    /// <param name="auto_index">Intelligence mode: index every asset on arrival.</param>
    /// <param name="locks_required">Refuse writes without a lock.</param>
    /// <param name="metadata_schema">{fields: {NAME: {type: text|number|integer|boolean|timestamp|..., required?, allowed?, min?, max?}}, additional?}</param>
    [McpServerTool(Name = "create_workspace", Title = "Create workspace", ReadOnly = false, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<WorkspaceResult> RunAsync(
        string workspace, string? organization = null, bool auto_index = true, bool locks_required = false, MetadataSchema? metadata_schema = null,
        CancellationToken cancellation = default)
    {
        WorkspaceName.Check(workspace);
        WorkspaceName.Check(organization ?? "default", "organization");
        if (!call.Caller.Sees(workspace))
        {
            throw new ForbiddenError($"access to workspace '{workspace}'", "other workspaces");
        }

        return await call.CommitAsync(workspace, null, async tx =>
        {
            var row = new WorkspaceRow
            {
                Workspace = workspace,
                Organization = organization ?? "default",
                AutoIndex = auto_index ? 1 : 0,
                LocksRequired = locks_required ? 1 : 0,
                MetadataSchema = metadata_schema is null ? null : Wire.Write(metadata_schema),
                Version = 1,
                CreatedAtMs = tx.NowMs,
            };
            if (await WorkspacesTable.InsertAsync(tx, row).ConfigureAwait(false) == 1)
            {
                await events.AppendAsync(tx, workspace, "workspace.created", workspace, new { workspace }).ConfigureAwait(false);
                return WorkspaceResult.From(row);
            }

            var existing = (await WorkspacesTable.FindAsync(tx, workspace).ConfigureAwait(false))!;
            return row with { Version = existing.Version, CreatedAtMs = existing.CreatedAtMs } == existing
                ? WorkspaceResult.From(existing)
                : throw new WorkspaceExistsError(existing);
        }, cancellation).ConfigureAwait(false);
    }
}
