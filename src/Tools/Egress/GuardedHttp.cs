using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Egress;

/// <summary>
/// The one client for addresses that callers name. It connects only to an address that it has itself found to be public (or whose host the
/// operator listed), so that a name that changes its answer leads nowhere; it follows no redirects, uses no proxy and keeps no cookies.
/// </summary>
public sealed class GuardedHttp : IDisposable
{
    private readonly GuardedConnection _connection;
    private readonly HttpMessageInvoker _client;
    private readonly EgressOptions _options;
    private readonly TimeProvider _time;

    public GuardedHttp(EgressOptions options, TimeProvider time)
    {
        (_connection, _options, _time) = (new GuardedConnection(options), options, time);
        var handler = _connection.Handler();
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20);
        handler.MaxResponseDrainSize = 64 * 1024;
        handler.ResponseDrainTimeout = TimeSpan.FromSeconds(1);
        _client = new(handler);
    }

    /// <summary>Checks an address that a caller names, before anything is sent or stored. A name that does not resolve now is let through: each connection is checked again.</summary>
    /// <param name="url">The address as written.</param>
    /// <param name="argument">Its argument's name.</param>
    /// <param name="caller">Needs the right to egress, unless the operator listed the host.</param>
    /// <param name="cancellation">Cancels the look-up.</param>
    /// <exception cref="EgressRefusedError">A private address, another scheme, credentials in the address.</exception>
    public async Task<Uri> CheckAsync(string url, string argument, Caller caller, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || url.Any(char.IsControl) || url.Any(char.IsWhiteSpace) || url.Contains('\\', StringComparison.Ordinal))
        {
            throw new InvalidArgumentError(argument, $"{argument} is an absolute address such as https://example.com/path.");
        }

        CheckForm(address);
        if (_connection.Allowed.Contain(address.IdnHost, address.Port))
        {
            return address;
        }

        if (!caller.Egress)
        {
            throw new ForbiddenError("egress", "no right to send requests out, except to the hosts that the operator lists");
        }

        if (await TryResolveAsync(address.IdnHost, cancellation).ConfigureAwait(false) is { } found && !found.Any(_options.IsPublic))
        {
            throw new EgressRefusedError(address.Host, "is not a public address");
        }

        return address;
    }

    /// <summary>Sends and returns as soon as the headers are there. Never follows a redirect.</summary>
    /// <param name="request">To http or https.</param>
    /// <param name="timeout">Until the headers are there.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="EgressRefusedError">The address turned out not to be public.</exception>
    /// <exception cref="HttpRequestException">No answer came.</exception>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellation)
    {
        CheckForm(request.RequestUri!);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Pipeline", "1"));
        using var late = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            return await _client.SendAsync(request, either.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException failure) when (failure.InnerException is EgressRefusedError refused)
        {
            throw refused;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer within {timeout.TotalSeconds:0.#} s.");
        }
        catch (OperationCanceledException failure) when (failure.InnerException is TimeoutException && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"No connection within {_options.ConnectTimeout.TotalSeconds:0.#} s.");
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Refuses what is no plain address over http or https.</summary>
    /// <exception cref="EgressRefusedError">It is none.</exception>
    internal static void CheckForm(Uri address)
    {
        var fault = address.Scheme is not ("http" or "https") ? "is not reached over http or https"
            : address.UserInfo.Length > 0 ? "is written with credentials in the address"
            : address.IdnHost.Length == 0 || address.Port is 0 ? "has no host or port"
            : null;
        if (fault is not null)
        {
            throw new EgressRefusedError(address.Host, fault);
        }
    }

    private async Task<IPAddress[]?> TryResolveAsync(string host, CancellationToken cancellation)
    {
        try
        {
            return await _connection.ResolveAsync(host, cancellation).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
