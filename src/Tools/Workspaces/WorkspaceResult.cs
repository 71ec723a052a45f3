using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Workspaces;

/// <summary>A workspace and its settings.</summary>
public sealed record WorkspaceResult(string Workspace, WorkspaceSettings Settings, long Version, DateTimeOffset CreatedAt)
{
    internal static WorkspaceResult From(WorkspaceRow row) => new(
        row.Workspace, new(row.Organization, row.AutoIndex != 0, row.LocksRequired != 0, row.Schema()), row.Version, Instant.From(row.CreatedAtMs));
}

/// <summary>What can be set on a workspace.</summary>
public sealed record WorkspaceSettings(string Organization, bool AutoIndex, bool LocksRequired, MetadataSchema? MetadataSchema);
