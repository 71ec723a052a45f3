namespace Pipeline.Tools.Plans;

/// <summary>A plan with its graph, what is wrong with it, and what its author should know.</summary>
public sealed record ProvenPlan(Plan Plan, PlanGraph Graph, IReadOnlyList<PlanProblem> Problems, IReadOnlyList<PlanProblem> Warnings)
{
    /// <summary>What one call of each step is estimated to cost, once that is known; by the step's id.</summary>
    public IReadOnlyDictionary<string, long> CallMicros { get; init; } = new Dictionary<string, long>();
}
