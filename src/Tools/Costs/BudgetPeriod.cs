namespace Pipeline.Tools.Costs;

/// <summary>After what time a budget begins anew, in UTC.</summary>
public enum BudgetPeriod
{
    /// <summary>Never.</summary>
    Total,

    /// <summary>At midnight.</summary>
    Day,

    /// <summary>On Monday.</summary>
    Week,

    /// <summary>On the first.</summary>
    Month,
}

/// <summary>Where periods begin and end. Unix milliseconds, UTC.</summary>
public static class BudgetPeriods
{
    /// <summary>Start of the period that <paramref name="nowMs"/> lies in; 0 for one that never begins anew.</summary>
    public static long StartMs(BudgetPeriod period, long nowMs) => period == BudgetPeriod.Total ? 0 : Ms(Start(period, Day(nowMs)));

    /// <summary>Its end, which is the start of the next; null when there is none.</summary>
    public static long? EndMs(BudgetPeriod period, long nowMs) => period switch
    {
        BudgetPeriod.Day => Ms(Day(nowMs).AddDays(1)),
        BudgetPeriod.Week => Ms(Start(period, Day(nowMs)).AddDays(7)),
        BudgetPeriod.Month => Ms(Start(period, Day(nowMs)).AddMonths(1)),
        _ => null,
    };

    private static DateOnly Start(BudgetPeriod period, DateOnly day) => period switch
    {
        BudgetPeriod.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        BudgetPeriod.Month => new DateOnly(day.Year, day.Month, 1),
        _ => day,
    };

    private static DateOnly Day(long nowMs) => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(nowMs).UtcDateTime);

    private static long Ms(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds();
}
