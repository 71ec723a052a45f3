using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Plans;

/// <summary>A plan that cannot run; <c>facts.problems</c> lists everything that is wrong with it.</summary>
public sealed class InvalidPlanError : ToolError
{
    public InvalidPlanError(IReadOnlyList<PlanProblem> problems)
        : base("invalid_plan", $"The plan has {problems.Count} problem(s); the first: {problems[0].Path}: {problems[0].Message}")
    {
        Problems = problems;
        Facts = new { problems };
    }

    public IReadOnlyList<PlanProblem> Problems { get; }
}
