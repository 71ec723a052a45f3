namespace Pipeline.Tools.Models;

/// <summary>The expected time of one call: a fixed part and a part for every second of media.</summary>
public sealed record ModelLatency
{
    public required double FixedSeconds { get; init; }

    public double PerMediaSecond { get; init; }

    /// <summary>The expected seconds for <paramref name="mediaSeconds"/> of media.</summary>
    public double Of(double mediaSeconds) => FixedSeconds + (PerMediaSecond * mediaSeconds);
}
