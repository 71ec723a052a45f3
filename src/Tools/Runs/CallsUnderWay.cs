namespace Pipeline.Tools.Runs;

/// <summary>How many calls of a model for a capability go on.</summary>
public sealed record CallsUnderWay
{
    public string Model { get; init; } = "";
    public string Capability { get; init; } = "";
    public long Calls { get; init; }
}
