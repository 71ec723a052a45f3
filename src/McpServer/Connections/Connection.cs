using Pipeline.McpServer.Auth;

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
}
