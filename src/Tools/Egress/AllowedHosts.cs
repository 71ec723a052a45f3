using System.Globalization;
using System.Net;

namespace Pipeline.Tools.Egress;

/// <summary>The operator's list of hosts that may be reached by everyone and may be private.</summary>
public sealed class AllowedHosts
{
    private readonly HashSet<(string Host, int? Port)> _hosts;

    public AllowedHosts(EgressOptions options) => _hosts = [.. options.Hosts.Select(Parse)];

    /// <summary>True when the operator listed the host, with this port or with none.</summary>
    public bool Contain(string host, int port) => _hosts.Contains((Normal(host), port)) || _hosts.Contains((Normal(host), null));

    private static (string, int?) Parse(string entry)
    {
        var colon = entry.LastIndexOf(':');
        var hasPort = colon > 0 && (entry[colon - 1] == ']' || entry.IndexOf(':', StringComparison.Ordinal) == colon);
        return !hasPort ? (Normal(entry), null)
            : int.TryParse(entry[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
                ? (Normal(entry[..colon]), port)
                : throw new FormatException($"'{entry}' in the list of allowed hosts is not host or host:port.");
    }

    // One spelling for each host: addresses as the framework writes them, names in lower case without the root's dot.
    private static string Normal(string host)
    {
        var bare = host.Trim('[', ']').TrimEnd('.');
        return IPAddress.TryParse(bare, out var address) ? address.ToString() : bare.ToLowerInvariant();
    }
}
