namespace Pipeline.Tools.Workspaces;

/// <summary>A workspace as stored.</summary>
public sealed record WorkspaceRow
{
    public string Workspace { get; init; } = "";
    public string Organization { get; init; } = "";
    public long AutoIndex { get; init; }
    public long LocksRequired { get; init; }
    public string? MetadataSchema { get; init; }
    public long Version { get; init; }
    public long CreatedAtMs { get; init; }

    /// <summary>The agreed fields, parsed; null when any metadata goes.</summary>
    public MetadataSchema? Schema() => MetadataSchema is null ? null : Contract.Wire.Read<MetadataSchema>(MetadataSchema);
}
