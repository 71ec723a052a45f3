namespace Pipeline.McpServer.Stdio;

/// <summary>What an owner's exit code tells the relay that started it.</summary>
internal static class OwnerExit
{
    /// <summary>Another process owns the folder: look there.</summary>
    public const int Owned = 3;
}
