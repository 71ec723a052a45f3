namespace Pipeline.Tools.Presence;

/// <summary>How far an agent has seen a workspace.</summary>
public sealed record SightingRow
{
    public string Workspace { get; init; } = "";
    public long Cursor { get; init; }
    public long SeenAtMs { get; init; }

    /// <summary>The intent that was answered last, and from where on that answer told: the same intent is told the same news and what came since.</summary>
    public string? Key { get; init; }
    public long? FromCursor { get; init; }
    public long? FromSeenAtMs { get; init; }
}
