namespace Pipeline.Tools.Locks;

/// <summary>How a path is held, as stored and as on the wire.</summary>
public static class LockMode
{
    /// <summary>One holder, who may write.</summary>
    public const string Exclusive = "exclusive";

    /// <summary>Many holders, none of whom may write.</summary>
    public const string Shared = "shared";

    /// <summary>Whether the two cannot hold at the same time.</summary>
    public static bool Conflict(string one, string other) => one == Exclusive || other == Exclusive;
}
