namespace Pipeline.Tools.Locks;

/// <summary>How a lock ended, as stored and in the event's kind (<c>lock.released</c>).</summary>
public static class LockEnding
{
    public const string Released = "released";

    public const string Expired = "expired";

    public const string Broken = "broken";
}
