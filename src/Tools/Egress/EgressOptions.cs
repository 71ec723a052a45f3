using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Pipeline.Tools.Egress;

/// <summary>How requests leave the server.</summary>
public sealed record EgressOptions
{
    /// <summary>
    /// Hosts, or hosts with ports (<c>host[:port]</c>), that every principal may reach and that may be private.
    /// </summary>
    /// <value>none</value>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>How long a connection may take to come about.</summary>
    /// <value>10 seconds</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Finds the addresses of a name that is no address itself. Asked once when a caller names it and again for every connection; its answer is
    /// judged each time. No setting reaches it: it is for hosts in code that keep a resolver of their own.
    /// </summary>
    /// <value>the system's resolver</value>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Tells which addresses count as public. No setting reaches it.</summary>
    /// <value><see cref="PublicAddress.IsPublic"/></value>
    public Func<IPAddress, bool> IsPublic { get; init; } = PublicAddress.IsPublic;

    /// <summary>The hosts of a list as an environment variable holds it, separated by commas or blanks.</summary>
    public static EgressOptions From(string? hosts) =>
        new() { Hosts = hosts?.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [] };
}
