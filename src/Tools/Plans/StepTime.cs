namespace Pipeline.Tools.Plans;

/// <summary>How long a model's result took here, from the claim of its step to the result: routing, locks, asking after the job, download and measuring included.</summary>
public sealed record StepTime
{
    public string Capability { get; init; } = "";
    public string Model { get; init; } = "";

    /// <summary>The step's worked-out inputs, a JSON object; null when they are not kept.</summary>
    public string? Inputs { get; init; }

    /// <summary>What was measured of the result, a JSON object; null when nothing was.</summary>
    public string? Metrics { get; init; }
    public long TookMs { get; init; }
}
