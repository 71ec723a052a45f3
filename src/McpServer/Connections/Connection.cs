using Pipeline.McpServer.Auth;
using Pipeline.Tools.Calls;

namespace Pipeline.McpServer.Connections;

/// <summary>One client at one door: a relay, a legacy HTTP session, or a single modern HTTP request.</summary>
public sealed record Connection
{
    /// <summary>Who calls.</summary>
    public required Identity Caller { get; init; }

    /// <summary>What it may use.</summary>
    public ConnectionLimits Limits { get; init; } = new();

    /// <summary>Where the client reaches this server over HTTP, without a path; null over stdio.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The caller as the slices know it, when its client says its name is <paramref name="clientName"/>.</summary>
    public Caller CallerFor(string? clientName) =>
        new(Caller.PrincipalFor(clientName), Caller.Role, Caller.Workspaces, Caller.Egress, Limits.ImportRoots, Limits.ExportRoots);
}
