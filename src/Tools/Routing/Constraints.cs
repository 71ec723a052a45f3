using Pipeline.Tools.Models;

namespace Pipeline.Tools.Routing;

/// <summary>What a decision must keep to.</summary>
public sealed record Constraints
{
    public long? MaxCostMicros { get; init; }

    public Tier? Tier { get; init; }

    public double? DeadlineSeconds { get; init; }

    /// <summary>Models not to be taken, as those that already failed the step.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];
}
