using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Routing;

/// <summary>A capability's split as stored.</summary>
public sealed record TrafficRow
{
    public string Capability { get; init; } = "";

    /// <summary>Grows with every setting.</summary>
    public long Version { get; init; }

    /// <summary>The <see cref="TrafficSplit"/> as JSON.</summary>
    public string Document { get; init; } = "{}";

    /// <summary>What its shadow was allowed so far.</summary>
    public long ShadowMicros { get; init; }
    public long ShadowBudgetMicros { get; init; }
    public long SetAtMs { get; init; }

    public TrafficSplit Read() => Wire.Read<TrafficSplit>(Document);

    /// <summary>The shadow as a decision sees it; null when there is none, or nothing left for it.</summary>
    public ShadowOffer? Offer() => ShadowBudgetMicros > ShadowMicros && Read().Shadow is { } shadow ? new(shadow.Model, shadow.Share, ShadowBudgetMicros - ShadowMicros) : null;
}
