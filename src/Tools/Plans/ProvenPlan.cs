namespace Pipeline.Tools.Plans;

/// <summary>A plan with its graph, what is wrong with it, and what its author should know.</summary>
public sealed record ProvenPlan(Plan Plan, PlanGraph Graph, IReadOnlyList<PlanProblem> Problems, IReadOnlyList<PlanProblem> Warnings);
