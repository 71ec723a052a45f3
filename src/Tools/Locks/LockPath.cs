namespace Pipeline.Tools.Locks;

/// <summary>A path in a workspace, as a row gives it.</summary>
public sealed record LockPath
{
    public string Workspace { get; init; } = "";
    public string Path { get; init; } = "";
}
