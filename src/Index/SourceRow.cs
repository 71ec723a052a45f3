namespace Pipeline.Index;

/// <summary>What one source has said about one version of a subject, and how much.</summary>
internal sealed record SourceRow
{
    public long SourceId { get; init; }
    public long Version { get; init; }

    /// <summary>Read only where sources of several scopes are.</summary>
    public long ScopeId { get; init; }

    /// <summary>1 when this is the newest version that the source has described.</summary>
    public long Current { get; init; }
    public long Revision { get; init; }
    public long Entries { get; init; }
    public long Terms { get; init; }
    public string Embedding { get; init; } = "";
}
