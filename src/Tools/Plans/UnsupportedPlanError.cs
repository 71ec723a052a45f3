using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Plans;

/// <summary>A plan that is sound but asks for what this server does not do.</summary>
public sealed class UnsupportedPlanError : ToolError
{
    public UnsupportedPlanError(IReadOnlyList<PlanProblem> problems) : base("not_supported", problems[0].Message) => Facts = new { problems };
}
