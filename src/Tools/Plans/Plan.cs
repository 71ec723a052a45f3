namespace Pipeline.Tools.Plans;

/// <summary>A processing plan: a graph of steps. A run pins the plan it was started with.</summary>
public sealed record Plan
{
    /// <summary>The most steps that a plan may write down (a fan-out adds its items later).</summary>
    public const int MaxSteps = 500;

    public string? Name { get; init; }

    /// <summary>Ids of steps whose outputs are kept, or expressions that name assets.</summary>
    public IReadOnlyList<string> Deliverables { get; init; } = [];

    /// <summary>How long what is no deliverable stays after the run's end; null for the server's own time.</summary>
    public double? IntermediatesHours { get; init; }

    /// <summary>Routing rules for every step; a step's own come first.</summary>
    public IReadOnlyList<RoutingRule> Rules { get; init; } = [];

    public required IReadOnlyList<PlanStep> Steps { get; init; }
}
