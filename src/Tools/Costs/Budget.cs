using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Costs;

/// <summary>A budget as it stands, in millionths of a dollar.</summary>
/// <param name="Name">What it covers, such as <c>run:run_...</c>.</param>
/// <param name="LimitMicros">The most that may be spent in a period.</param>
/// <param name="SpentMicros">Spent in this period, unknown outcomes at their bound.</param>
/// <param name="ReservedMicros">Held for calls that go on.</param>
/// <param name="LeftMicros">What the next call may ask; 0 when more was spent than the limit.</param>
/// <param name="PeriodEndsAt">When it begins anew; absent when never.</param>
/// <param name="ApproveAboveMicros">Calls that may cost more need approve_step.</param>
public sealed record Budget(
    string Name, long LimitMicros, BudgetPeriod Period, long SpentMicros, long ReservedMicros, long LeftMicros, DateTimeOffset? PeriodEndsAt, long? ApproveAboveMicros)
{
    internal static Budget From(BudgetRow row, long nowMs) => new(
        row.Budget, row.LimitMicros, row.Every, row.SpentMicros, row.ReservedMicros, Math.Max(0, row.LimitMicros - row.SpentMicros - row.ReservedMicros),
        Instant.From(BudgetPeriods.EndMs(row.Every, nowMs)), row.ApproveAboveMicros);
}
