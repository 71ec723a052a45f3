using System.Net;
using System.Net.Http.Headers;

namespace Pipeline.Tools.Egress;

/// <summary>
/// One request over a connection of its own, which no other request shares and which is never sent again by itself: so it is known whether any of it
/// may have left this machine, and an idle connection that the other side has just closed cannot leave it in doubt.
/// </summary>
/// <param name="options">As for <see cref="GuardedHttp"/>.</param>
/// <param name="time">Measures the time out.</param>
internal sealed class SoleExchange(EgressOptions options, TimeProvider time)
{
    private readonly GuardedConnection _connection = new(options);

    /// <summary>Sends and takes the answer with its body.</summary>
    /// <param name="request">To http or https.</param>
    /// <param name="take">Reads the answer's body within the same time.</param>
    /// <param name="timeout">Until all of the answer is there.</param>
    /// <param name="cancellation">Cancels; the only thing that throws.</param>
    public async Task<Exchanged<T>> SendAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, CancellationToken, Task<T>> take, TimeSpan timeout, CancellationToken cancellation)
    {
        var departure = new Departure();
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        int? status = null;
        try
        {
            GuardedHttp.CheckForm(request.RequestUri!);
            request.Version = HttpVersion.Version11;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            request.Headers.ConnectionClose = true;
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Pipeline", "1"));
            using var client = new HttpMessageInvoker(Handler(departure));
            using var response = await client.SendAsync(request, either.Token).ConfigureAwait(false);
            status = (int)response.StatusCode;
            return new(departure.MayHaveLeft, status, response.Headers, await take(response, either.Token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(departure.MayHaveLeft, status, null, default, "timeout");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or EgressRefusedError or UnauthorizedAccessException)
        {
            return new(departure.MayHaveLeft, status, null, default, "unreachable");
        }
    }

    private SocketsHttpHandler Handler(Departure departure)
    {
        var handler = _connection.Handler();
        handler.PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new WatchedStream(context.PlaintextStream, departure));
        handler.MaxConnectionsPerServer = 1;
        return handler;
    }
}

/// <summary>What became of a request.</summary>
/// <param name="MayHaveLeft">False only when nothing of it was written to a connection.</param>
/// <param name="Status">Once the answer began.</param>
/// <param name="Headers">Of a whole answer.</param>
/// <param name="Answer">What was taken of it.</param>
/// <param name="Failure">timeout or unreachable; null when the whole answer is there.</param>
internal sealed record Exchanged<T>(bool MayHaveLeft, int? Status, HttpResponseHeaders? Headers, T? Answer, string? Failure);
