using Pipeline.McpServer.Connections;

namespace Pipeline.McpServer.Serving;

/// <summary>Whether a connection may hear of a resource's changes.</summary>
internal static class ResourceSight
{
    private const string Asset = "asset://";
    private const string Run = "run://";

    /// <summary>True for assets of workspaces that the caller sees, and for runs, whose addresses are unguessable and whose content is checked when read.</summary>
    public static bool MaySee(Connection connection, string uri)
    {
        if (uri.StartsWith(Run, StringComparison.Ordinal))
        {
            return uri.Length > Run.Length;
        }

        return uri.StartsWith(Asset, StringComparison.Ordinal)
            && connection.Caller.Workspaces is var seen && (seen is null || seen.Contains(uri[Asset.Length..].Split('/', 2)[0]));
    }
}
