namespace Pipeline.Reliability.Faults;

/// <summary>Which faults, and how often on average.</summary>
public sealed record FaultMix
{
    /// <summary>Seconds between two faults of a kind, on average.</summary>
    public IReadOnlyDictionary<FaultKind, double> EverySeconds { get; init; } = new Dictionary<FaultKind, double>();

    /// <summary>The leases that clients take; pauses of clients last 1 to 10 times as long.</summary>
    public double TtlSeconds { get; init; } = 2;

    /// <summary>The longest pause of the server.</summary>
    public double ServerPauseSeconds { get; init; } = 2;
}
