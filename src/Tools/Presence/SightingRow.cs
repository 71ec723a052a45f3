namespace Pipeline.Tools.Presence;

/// <summary>How far an agent has seen a workspace.</summary>
public sealed record SightingRow
{
    public string Workspace { get; init; } = "";
    public long Cursor { get; init; }
    public long SeenAtMs { get; init; }
}
