namespace Pipeline.McpServer.Http;

/// <summary>The protocol's revisions. From <see cref="Modern"/> on every request says everything about itself; before, a handshake did.</summary>
internal static class ProtocolVersions
{
    public const string Modern = "2026-07-28";

    public static readonly string[] Legacy = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    public static readonly string[] All = [.. Legacy, Modern];

    /// <summary>Whether a revision carries its own metadata with each request. Revisions are dates, so their order is theirs.</summary>
    public static bool IsModern(string? version) => version is not null && string.CompareOrdinal(version, Modern) >= 0;
}
