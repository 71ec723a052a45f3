namespace Pipeline.Tools.Ingest;

/// <summary>A version that waits to be indexed.</summary>
public sealed record ArrivalRow
{
    public string Workspace { get; init; } = "";
    public string Path { get; init; } = "";
    public long Version { get; init; }
    public long Attempts { get; init; }

    /// <summary>When it is next due; null once it is given up.</summary>
    public long? DueAtMs { get; init; }
    public string? Note { get; init; }
}
