namespace Pipeline.Tools.Assets;

/// <summary>One version of an asset as stored, with whether it is the current one.</summary>
public sealed record AssetRow
{
    public string Workspace { get; init; } = "";
    public string Path { get; init; } = "";
    public long Version { get; init; }

    /// <summary>The newest version of the path.</summary>
    public long CurrentVersion { get; init; }

    /// <summary>1 when the asset was deleted after its newest version.</summary>
    public long Deleted { get; init; }
    public string Sha256 { get; init; } = "";
    public long SizeBytes { get; init; }
    public string MediaType { get; init; } = "";

    /// <summary>JSON object.</summary>
    public string Metadata { get; init; } = "{}";

    /// <summary>JSON of <see cref="Lineage"/>.</summary>
    public string? Lineage { get; init; }

    /// <summary>Technical facts as JSON, once something has probed the bytes.</summary>
    public string? Facts { get; init; }

    /// <summary>The run and the step on whose behalf it was written; null when nobody named a claim.</summary>
    public string? RunId { get; init; }
    public string? StepId { get; init; }

    /// <summary>When it expired as an intermediate of its run; null while it is there. Its bytes may be gone then.</summary>
    public long? ExpiredAtMs { get; init; }
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";
    public long CreatedAtMs { get; init; }

    /// <summary>The address without its version.</summary>
    public string Name => $"{Workspace}/{Path}";

    /// <summary>The address with its version.</summary>
    public string Address => $"{Workspace}/{Path}@{Version}";
}
