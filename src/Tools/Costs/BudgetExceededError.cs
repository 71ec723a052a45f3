using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Costs;

/// <summary>A call that, at the most it may cost, would take a budget over its limit. Nothing was reserved.</summary>
public sealed class BudgetExceededError : ToolError
{
    public BudgetExceededError(BudgetRow budget, long askedMicros, long nowMs)
        : base("budget_exceeded",
            $"The budget '{budget.Budget}' has {Math.Max(0, budget.LimitMicros - budget.SpentMicros - budget.ReservedMicros)} micros left; this may cost up to {askedMicros}. Take a cheaper model, wait for what is reserved, or have an admin raise it with set_budget.") =>
        Facts = new
        {
            budget = budget.Budget,
            limit_micros = budget.LimitMicros,
            spent_micros = budget.SpentMicros,
            reserved_micros = budget.ReservedMicros,
            asked_micros = askedMicros,
            period_ends_at = Instant.From(BudgetPeriods.EndMs(budget.Every, nowMs)),
        };
}
