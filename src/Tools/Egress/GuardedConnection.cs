using System.Net;
using System.Net.Sockets;

namespace Pipeline.Tools.Egress;

/// <summary>Connects only to an address that it has itself found to be public, or whose host the operator listed.</summary>
internal sealed class GuardedConnection(EgressOptions options)
{
    public AllowedHosts Allowed { get; } = new(options);

    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await options.Resolve(host, cancellation).ConfigureAwait(false);

    /// <summary>A handler that goes through it alone: no redirect, no proxy, no cookies, nothing unpacked, no trace told to strangers.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        ConnectCallback = OpenAsync,
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = options.ConnectTimeout,
        MaxResponseHeadersLength = 32,
    };

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="EgressRefusedError">The address is not public.</exception>
    private async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = await ResolveAsync(host, cancellation).ConfigureAwait(false);
        var reachable = Allowed.Contain(host, port) ? found : [.. found.Where(options.IsPublic)];
        if (reachable.Length == 0)
        {
            throw new EgressRefusedError(host, "is not a public address");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(reachable, port, cancellation).ConfigureAwait(false); // the addresses just checked, not the name
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
