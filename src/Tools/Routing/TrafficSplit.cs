namespace Pipeline.Tools.Routing;

/// <summary>How the traffic of a capability is split between models.</summary>
public sealed record TrafficSplit
{
    /// <summary>Share of shots by model; empty when only the ramp, or a shadow, is set.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    public ShadowRule? Shadow { get; init; }

    /// <summary>Weights that take over at a time, in order of time.</summary>
    public IReadOnlyList<RampStep> Ramp { get; init; } = [];

    /// <summary>The shares in force at a time on the store's clock; null when the traffic is not split then.</summary>
    public IReadOnlyDictionary<string, double>? WeightsAt(long nowMs)
    {
        var weights = Ramp.LastOrDefault(step => step.At.ToUnixTimeMilliseconds() <= nowMs)?.Weights ?? Weights;
        return weights.Count == 0 ? null : weights;
    }
}

/// <summary>Weights from a time on.</summary>
public sealed record RampStep(DateTimeOffset At, IReadOnlyDictionary<string, double> Weights);

/// <summary>A model that makes a share of shots as well, unseen.</summary>
/// <param name="Model">Its id.</param>
/// <param name="Share">Of shots, 0 to 1.</param>
/// <param name="BudgetMicros">The most that it may cost in all, by the decisions' estimates.</param>
public sealed record ShadowRule(string Model, double Share, long BudgetMicros);
