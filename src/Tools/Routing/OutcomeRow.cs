namespace Pipeline.Tools.Routing;

/// <summary>An outcome as stored.</summary>
public sealed record OutcomeRow
{
    public string Provider { get; init; } = "";
    public string Model { get; init; } = "";

    /// <summary>A name of <see cref="OutcomeKind"/>.</summary>
    public string Kind { get; init; } = "";
    public double? LatencySeconds { get; init; }
    public string? Code { get; init; }
    public long AtMs { get; init; }

    public OutcomeKind Ended => Contract.Wire.Read<OutcomeKind>($"\"{Kind}\"");
}
