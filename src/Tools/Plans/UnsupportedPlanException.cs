using Pipeline.Tools.Models;

namespace Pipeline.Tools.Plans;

/// <summary>A plan that is sound but asks for what this server does not do.</summary>
public sealed class UnsupportedPlanException(IReadOnlyList<PlanProblem> problems)
    : RefusalException("not_supported", problems[0].Message, new { problems });
