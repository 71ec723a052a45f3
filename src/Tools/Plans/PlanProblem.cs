namespace Pipeline.Tools.Plans;

/// <summary>One thing wrong with a plan. <paramref name="Path"/> is where it stands, as <c>steps[3].inputs.asset</c>.</summary>
public sealed record PlanProblem(string? Step, string Code, string Message, string Path);
