using Pipeline.Tools.Models;

namespace Pipeline.Tools.Routing;

/// <summary>The model for a step and why it is that one.</summary>
public sealed record Decision
{
    public required string Model { get; init; }

    public required string Version { get; init; }

    public required string Provider { get; init; }

    public required Tier Tier { get; init; }

    /// <summary>One plain sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>What settled it.</summary>
    public Cause Cause { get; init; }

    /// <summary>Of the prompt, 0 to 1.</summary>
    public double Complexity { get; init; }

    /// <summary>The model that would have been taken but for a rest, a full pool or a failure of this step; null when there is none.</summary>
    public string? FallbackFrom { get; init; }

    /// <summary>What should be made as well, for comparison; null when nothing.</summary>
    public Shadow? Shadow { get; init; }

    public required double Score { get; init; }

    public required long EstimatedCostMicros { get; init; }

    public required double EstimatedLatencySeconds { get; init; }

    /// <summary>What the dearest fit premium model would have cost; null when there is none.</summary>
    public long? PremiumCostMicros { get; init; }

    /// <summary>What this choice saves against that.</summary>
    public long? SavedMicros { get; init; }

    public required IReadOnlyList<Alternative> Alternatives { get; init; }
}
