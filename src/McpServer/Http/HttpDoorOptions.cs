using System.ComponentModel.DataAnnotations;
using Pipeline.McpServer.Auth;

namespace Pipeline.McpServer.Http;

/// <summary>How the HTTP door is set.</summary>
public sealed record HttpDoorOptions
{
    /// <summary>Where to listen; port 0 takes a free one.</summary>
    /// <value>http://127.0.0.1:8787</value>
    public Uri Url { get; init; } = new("http://127.0.0.1:8787");

    /// <summary>Keys that are asked for; null lets everyone in as the operator, which only a loopback address may do.</summary>
    public ApiKeys? Keys { get; init; }

    /// <summary>Host names that a request may name beside the loopback ones and the address listened on.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Origins that a browser page may call from beside the server's own, like <c>https://studio.example</c>.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>The largest request body.</summary>
    /// <value>16 MiB</value>
    [Range(1024, 1L << 30)]
    public long MaxBodyBytes { get; init; } = 16 << 20;

    /// <summary>How long one request may take; a listening stream has no end.</summary>
    /// <value>30 minutes</value>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a legacy session may rest.</summary>
    /// <value>2 hours</value>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromHours(2);

    /// <summary>The most legacy sessions at a time; the longest resting one makes room.</summary>
    /// <value>10,000</value>
    [Range(1, 1_000_000)]
    public int MaxSessions { get; init; } = 10_000;

    /// <summary>How often a silent stream shows that it lives.</summary>
    /// <value>15 seconds</value>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long requests in flight may finish after the server is told to stop.</summary>
    /// <value>10 seconds</value>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);
}
