using System.ComponentModel.DataAnnotations;

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

    /// <summary>The hosts of a list as an environment variable holds it, separated by commas or blanks.</summary>
    public static EgressOptions From(string? hosts) =>
        new() { Hosts = hosts?.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [] };
}
