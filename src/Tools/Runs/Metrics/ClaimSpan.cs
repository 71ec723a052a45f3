namespace Pipeline.Tools.Runs.Metrics;

/// <summary>One claim of a step as metrics see it. Unix milliseconds.</summary>
public sealed record ClaimSpan
{
    public string Capability { get; init; } = "";
    public string? Model { get; init; }
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";
    public long ClaimedAtMs { get; init; }

    /// <summary>Null while it goes on.</summary>
    public long? EndedAtMs { get; init; }

    /// <summary>One of <see cref="AttemptOutcome"/>; null while it goes on.</summary>
    public string? Outcome { get; init; }

    /// <summary>Who did it: the agent, and its principal where that has another name.</summary>
    public string Worker => Agent == Principal ? Agent : $"{Principal}/{Agent}";
}

/// <summary>Finished media that a run delivered when it ended.</summary>
public sealed record DeliveredAt
{
    public long AtMs { get; init; }
    public long DeliveredMs { get; init; }
}
