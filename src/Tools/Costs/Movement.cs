namespace Pipeline.Tools.Costs;

/// <summary>What a tool moved to get at a part of an asset: all numbers are measured, and null where they could not be.</summary>
public sealed record Movement
{
    public string Workspace { get; init; } = "";
    public string? RunId { get; init; }
    public string? StepId { get; init; }
    public string Tool { get; init; } = "";
    public string Asset { get; init; } = "";

    /// <summary>Size of the whole source.</summary>
    public long SourceBytes { get; init; }
    public long? BytesRead { get; init; }
    public long BytesWritten { get; init; }
    public long AtMs { get; init; }
}
