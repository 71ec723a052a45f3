using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;

namespace Pipeline.Tools.Workspaces;

[Tool(Toolset.Storage, Changes = true)]
internal sealed partial class UpdateWorkspace(Call call, EventLog events)
{
    /// <summary>Changes a workspace's settings; what is left out stays.</summary>
    /// <param name="workspace">Its name.</param>
    /// <param name="organization">New owner.</param>
    /// <param name="auto_index">Intelligence mode on or off.</param>
    /// <param name="locks_required">Refuse writes without a lock.</param>
    /// <param name="metadata_schema">As in create_workspace; metadata is checked when next written.</param>
    /// <param name="if_version">Only if the settings are at this version.</param>
    [McpServerTool(Name = "update_workspace", Title = "Update workspace", ReadOnly = false, Destructive = true, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<WorkspaceResult> RunAsync(
        string workspace, string? organization = null, bool? auto_index = null, bool? locks_required = null, MetadataSchema? metadata_schema = null,
        long? if_version = null, CancellationToken cancellation = default) =>
        await call.CommitAsync(workspace, null, async tx =>
        {
            var current = await WorkspacesTable.RequireAsync(tx, call.Caller, workspace).ConfigureAwait(false);
            if (if_version is { } expected && expected != current.Version)
            {
                throw new VersionConflictError(workspace, expected, current.Version);
            }

            if (organization is not null && organization != current.Organization)
            {
                await OrganizationsTable.RequireOwnerAsync(tx, call.Caller, workspace).ConfigureAwait(false);
            }

            var next = current with
            {
                Organization = organization is null ? current.Organization : WorkspaceName.Check(organization, "organization"),
                AutoIndex = auto_index is { } index ? (index ? 1 : 0) : current.AutoIndex,
                LocksRequired = locks_required is { } locks ? (locks ? 1 : 0) : current.LocksRequired,
                MetadataSchema = metadata_schema is null ? current.MetadataSchema : Wire.Write(metadata_schema),
                Version = current.Version + 1,
            };
            await WorkspacesTable.UpdateAsync(tx, next, current.Version).ConfigureAwait(false);
            await events.AppendAsync(tx, workspace, "workspace.updated", workspace, new { workspace, next.Version }).ConfigureAwait(false);
            return WorkspaceResult.From(next);
        }, cancellation).ConfigureAwait(false);
}
