namespace Pipeline.Tools.Locks;

/// <summary>One call's way through the queue.</summary>
/// <param name="request">What it wants.</param>
/// <param name="waiterId">Its name in the queue.</param>
internal sealed class LockTurn(LockRequest request, string waiterId)
{
    public LockRequest Request { get; } = request;

    public string WaiterId { get; } = waiterId;

    /// <summary>Where it is woken, alone.</summary>
    public string Channel { get; } = LockWaiterRow.ChannelOf(waiterId);

    /// <summary>Its place; null while it does not stand in the queue.</summary>
    public long? Ticket { get; set; }

    /// <summary>Whether this call wrote the locks; false when it was given an earlier call's answer.</summary>
    public bool Granted { get; set; }

    /// <summary>The cycle in which it would wait for ever.</summary>
    public IReadOnlyList<LockWaitEdge>? Cycle { get; set; }

    /// <summary>
    /// Whether it looks while nobody else does, because a look beside others found a cycle: those in it may find it at once, and only one is refused.
    /// </summary>
    public bool MayClose { get; set; }

    /// <summary>How long until it looks again by itself.</summary>
    public TimeSpan Sleep { get; set; }
}
