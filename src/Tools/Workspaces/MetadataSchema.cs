namespace Pipeline.Tools.Workspaces;

/// <summary>The fields that a workspace has agreed on for its assets' metadata.</summary>
public sealed record MetadataSchema
{
    /// <summary>Fields by name.</summary>
    public required IReadOnlyDictionary<string, MetadataField> Fields { get; init; }

    /// <summary>Whether fields that are not listed are welcome too.</summary>
    public bool Additional { get; init; } = true;
}
