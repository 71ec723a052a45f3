namespace Pipeline.Tools.Routing;

/// <summary>How a model has fared here; a model that nothing is known of has none.</summary>
public sealed record ModelHealth
{
    /// <summary>Unix milliseconds until which it is left alone, after a rate limit or failures.</summary>
    public long? CooldownUntilMs { get; init; }

    /// <summary>Share of calls that succeeded, 0 to 1.</summary>
    public double? Reliability { get; init; }

    /// <summary>Measured quality of accepted results, 0 to 1.</summary>
    public double? Quality { get; init; }

    /// <summary>Measured seconds of a call, at the median.</summary>
    public double? LatencySeconds { get; init; }

    /// <summary>Whether its rest is over and one call may try it.</summary>
    public bool IsOnTrial { get; init; }

    /// <summary>Whether somebody else has that call.</summary>
    public bool IsTriedByAnother { get; init; }

    /// <summary>Why it rests, for people.</summary>
    public string? Note { get; init; }
}
