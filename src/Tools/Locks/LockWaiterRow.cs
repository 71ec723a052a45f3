namespace Pipeline.Tools.Locks;

/// <summary>A call that waits for locks, as stored.</summary>
public sealed record LockWaiterRow
{
    /// <summary>Its place: lower tickets go first.</summary>
    public long Ticket { get; init; }
    public string WaiterId { get; init; } = "";
    public string Mode { get; init; } = "";
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";

    /// <summary>Until when the call counts as waiting without a further sign of life.</summary>
    public long AliveUntilMs { get; init; }

    /// <summary>The channel on which it is woken: its own, so that nobody else is.</summary>
    public string Channel => ChannelOf(WaiterId);

    public static string ChannelOf(string waiterId) => "lock:" + waiterId;
}
