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

    /// <summary>Only models that generate_media can call on this server; without it a worker may have its own way to one.</summary>
    public bool Served { get; init; }
}
