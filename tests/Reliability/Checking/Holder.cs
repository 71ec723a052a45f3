namespace Pipeline.Reliability.Checking;

/// <summary>A lock that may be live.</summary>
/// <param name="Token">Its token; when the grant's answer was lost, the least that it can be.</param>
/// <param name="TokenKnown">False when the grant's answer was lost and no listing has shown it.</param>
/// <param name="Agent">Who holds.</param>
/// <param name="Exclusive">Or shared.</param>
/// <param name="EarliestEndUs">Before this moment it cannot have expired.</param>
/// <param name="LatestEndUs">After this moment it must have.</param>
public sealed record Holder(long Token, bool TokenKnown, string Agent, bool Exclusive, long EarliestEndUs, long LatestEndUs)
{
    /// <summary>Whether it can have expired by the time the operation returned.</summary>
    public bool MayBeGone(Operation<PathAction> operation) => operation.ReturnedAtUs >= EarliestEndUs;

    /// <summary>Whether it can still be live when the operation was called.</summary>
    public bool MayBeLive(Operation<PathAction> operation) => operation.CalledAtUs <= LatestEndUs;
}
