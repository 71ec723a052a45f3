namespace Pipeline.Tools.Runs;

/// <summary>A result that a step took, with the model that made it and what was measured of it.</summary>
public sealed record AcceptedResult
{
    public string Model { get; init; } = "";

    /// <summary>JSON object; null when nothing was measured.</summary>
    public string? Metrics { get; init; }
    public long ClaimedAtMs { get; init; }
    public long EndedAtMs { get; init; }
}
