namespace Pipeline.Tools.Locks;

/// <summary>The part of a path's queue before some ticket.</summary>
public sealed record LockQueueAhead
{
    /// <summary>How many live waiters there are.</summary>
    public long Waiting { get; init; }

    /// <summary>The nearest one that must go first; null when none must.</summary>
    public long? BlockingTicket { get; init; }
}
