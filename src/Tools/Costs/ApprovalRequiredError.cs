using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Costs;

/// <summary>A call above the sum from which a budget asks for a human's approval. Nothing was reserved.</summary>
public sealed class ApprovalRequiredError : ToolError
{
    public ApprovalRequiredError(BudgetRow budget, Spending spending, long askedMicros)
        : base("approval_required",
            $"The budget '{budget.Budget}' asks for a human's approval of calls above {budget.ApproveAboveMicros} micros; this may cost up to {askedMicros}. "
            + (spending.StepId is null ? "Only a step of a run can be approved; make the call for one." : "Have it approved, then call again."))
    {
        Facts = new { budget = budget.Budget, approve_above_micros = budget.ApproveAboveMicros, asked_micros = askedMicros, run_id = spending.RunId, step_id = spending.StepId };
        Next = spending.StepId is null ? null : "approve_step, by a human";
    }
}
