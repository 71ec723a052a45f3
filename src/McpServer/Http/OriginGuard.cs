using System.Net;

namespace Pipeline.McpServer.Http;

/// <summary>
/// Keeps web pages out that reach a local server under another name (DNS rebinding) or from another site. A request must name a host that is
/// ours; if it comes from a page, that page must be ours too. Programs send no Origin and pass.
/// </summary>
internal sealed class OriginGuard(HttpDoorOptions options)
{
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    private readonly HashSet<string> _hosts = new(
        [.. Loopback, .. options.AllowedHosts, .. OwnName(options.Url)], StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _origins = new(
        options.AllowedOrigins.Select(static origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);

    /// <summary>Why the request may not pass, or null.</summary>
    public Refusal? Check(HttpContext context)
    {
        var host = context.Request.Host;
        if (!host.HasValue || !IsOurs(host, context.Connection.LocalPort))
        {
            return Forbidden($"Host '{host.Value}' is not served here; --allow-host NAME[:PORT] names more.");
        }

        var origins = context.Request.Headers.Origin;
        if (origins.Count == 0)
        {
            return null;
        }

        var origin = origins.ToString();
        return _origins.Contains(origin.TrimEnd('/')) || IsOwnPage(origin, context) ? null : Forbidden($"Origin '{origin}' may not call here.");
    }

    private static string[] OwnName(Uri url) =>
        IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            ? []
            : [url.Host];

    private static Refusal Forbidden(string message) => new(StatusCodes.Status403Forbidden, Refusal.InvalidRequest, message);

    /// <summary>A name we answer to. An allowed name may come with any port (a proxy's) or with the one it was allowed with, a loopback name only with the one we listen on.</summary>
    private bool IsOurs(HostString host, int port)
    {
        if (host.Port is not null && _hosts.Contains(host.Value!))
        {
            return true;
        }

        if (!_hosts.Contains(host.Host))
        {
            return false;
        }

        var loopback = Array.Exists(Loopback, name => name.Equals(host.Host, StringComparison.OrdinalIgnoreCase));
        return !loopback || (host.Port ?? 80) == port;
    }

    private bool IsOwnPage(string origin, HttpContext context) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && page.Scheme is "http" or "https"
        && IsOurs(new HostString(page.Host, page.Port), context.Connection.LocalPort);
}
