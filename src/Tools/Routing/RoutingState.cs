namespace Pipeline.Tools.Routing;

/// <summary>How things stand when a decision is made: everything beside the request and the catalogue that it depends on.</summary>
public sealed record RoutingState
{
    public required long NowMs { get; init; }

    /// <summary>By model, where something is known.</summary>
    public IReadOnlyDictionary<string, ModelHealth> Health { get; init; } = new Dictionary<string, ModelHealth>();

    /// <summary>By model, where it has a limit and something is under way.</summary>
    public IReadOnlyDictionary<string, PoolLoad> Pools { get; init; } = new Dictionary<string, PoolLoad>();

    /// <summary>Shares of the traffic by model, in force now; null when it is not split.</summary>
    public IReadOnlyDictionary<string, double>? Weights { get; init; }

    public ShadowOffer? Shadow { get; init; }
}
