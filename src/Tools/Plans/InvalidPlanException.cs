using Pipeline.Tools.Models;

namespace Pipeline.Tools.Plans;

/// <summary>A plan that cannot run; <c>facts.problems</c> lists everything that is wrong with it.</summary>
public sealed class InvalidPlanException(IReadOnlyList<PlanProblem> problems)
    : RefusalException("invalid_plan", Say(problems), new { problems })
{
    public IReadOnlyList<PlanProblem> Problems { get; } = problems;

    private static string Say(IReadOnlyList<PlanProblem> problems) =>
        $"The plan has {problems.Count} problem(s); the first: {problems[0].Path}: {problems[0].Message}";
}
