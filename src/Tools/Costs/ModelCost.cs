namespace Pipeline.Tools.Costs;

/// <summary>What was charged for a model.</summary>
public sealed record ModelCost
{
    public string Model { get; init; } = "";
    public long Charges { get; init; }
    public long CostMicros { get; init; }
}
