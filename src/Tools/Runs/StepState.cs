namespace Pipeline.Tools.Runs;

/// <summary>Where a step of a run stands.</summary>
public enum StepState
{
    /// <summary>Something it needs is not done.</summary>
    Blocked,

    /// <summary>A worker may claim it.</summary>
    Ready,

    /// <summary>A worker holds it under a lease.</summary>
    Claimed,

    /// <summary>Resting before another attempt, or waiting for its items, its repair or a human's approval; see the reason.</summary>
    Waiting,
    Succeeded,
    Failed,
    Skipped,
    Cancelled,
}
