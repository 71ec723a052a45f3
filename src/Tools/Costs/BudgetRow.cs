namespace Pipeline.Tools.Costs;

/// <summary>A budget with the counters of one of its periods.</summary>
public sealed record BudgetRow
{
    /// <summary>Its name, as <see cref="BudgetName"/> makes them.</summary>
    public string Budget { get; init; } = "";
    public long LimitMicros { get; init; }
    public string Period { get; init; } = "";

    /// <summary>A call above it needs a human's approval; null when none does.</summary>
    public long? ApproveAboveMicros { get; init; }
    public long SpentMicros { get; init; }
    public long ReservedMicros { get; init; }

    public BudgetPeriod Every => Enum.Parse<BudgetPeriod>(Period, ignoreCase: true);
}
