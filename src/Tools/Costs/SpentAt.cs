namespace Pipeline.Tools.Costs;

/// <summary>Money that was spent at a time.</summary>
public sealed record SpentAt
{
    public long AtMs { get; init; }
    public long CostMicros { get; init; }
}
