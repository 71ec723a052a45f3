namespace Pipeline.Tools.Locks;

/// <summary>A lock on one path as stored.</summary>
public sealed record LockRow
{
    public string LockId { get; init; } = "";

    /// <summary>Names all locks that one call took together; null for a lock taken alone.</summary>
    public string? GroupId { get; init; }
    public string Workspace { get; init; } = "";
    public string Path { get; init; } = "";
    public string Mode { get; init; } = "";

    /// <summary>Fencing token: strictly increasing per path, never reused.</summary>
    public long Token { get; init; }
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";
    public string? Purpose { get; init; }
    public long TtlMs { get; init; }
    public long AcquiredAtMs { get; init; }
    public long ExpiresAtMs { get; init; }

    /// <summary>Null while nobody has noted its end; it may have expired nevertheless.</summary>
    public long? EndedAtMs { get; init; }

    /// <summary>How it ended: see <see cref="LockEnding"/>.</summary>
    public string? Ending { get; init; }

    /// <summary>The address of what is locked.</summary>
    public string Asset => $"{Workspace}/{Path}";

    public bool IsLive(long nowMs) => EndedAtMs is null && ExpiresAtMs > nowMs;

    public bool IsHeldBy(string principal, string agent) => Principal == principal && Agent == agent;
}
