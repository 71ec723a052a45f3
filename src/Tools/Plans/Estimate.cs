namespace Pipeline.Tools.Plans;

/// <summary>What a plan is expected to take and cost, before it runs.</summary>
public sealed record Estimate
{
    /// <summary>With every condition and repair weighted by its probability.</summary>
    public required double ExpectedSeconds { get; init; }

    /// <summary>With every branch taken, every repair and every retry for quality needed.</summary>
    public required double WorstSeconds { get; init; }

    public required long ExpectedCostMicros { get; init; }

    public required long WorstCostMicros { get; init; }

    /// <summary>The chain that decides the expected time when there are slots enough: the slowest branch and what it merges into.</summary>
    public required IReadOnlyList<string> CriticalPath { get; init; }

    /// <summary>The critical path's seconds; more slots cannot make the plan faster than this.</summary>
    public required double CriticalSeconds { get; init; }

    /// <summary>sequential, parallel, conditional; hybrid when it has more than one of them.</summary>
    public required IReadOnlyList<string> Patterns { get; init; }

    public required IReadOnlyList<StepEstimate> Steps { get; init; }
}
