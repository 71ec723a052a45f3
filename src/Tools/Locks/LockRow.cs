namespace Pipeline.Tools.Locks;

/// <summary>A lock on one path as stored.</summary>
public sealed record LockRow
{
    public string LockId { get; init; } = "";
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
}
