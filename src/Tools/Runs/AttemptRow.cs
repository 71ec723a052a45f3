namespace Pipeline.Tools.Runs;

/// <summary>One claim of a step and how it ended.</summary>
public sealed record AttemptRow
{
    public string RunId { get; init; } = "";
    public string StepId { get; init; } = "";
    public long Generation { get; init; }
    public string Capability { get; init; } = "";
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";
    public long ClaimedAtMs { get; init; }
    public long? EndedAtMs { get; init; }

    /// <summary>One of <see cref="AttemptOutcome"/>; null while it goes on.</summary>
    public string? Outcome { get; init; }
    public string? ErrorCode { get; init; }
    public string? ErrorMessage { get; init; }

    /// <summary>The model that the worker named, or that was chosen for this claim.</summary>
    public string? Model { get; init; }
    public string? DecisionId { get; init; }

    /// <summary>What the worker reported; null when nothing was.</summary>
    public long? CostMicros { get; init; }
}
