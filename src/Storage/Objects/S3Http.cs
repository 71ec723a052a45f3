using Amazon.Runtime;

namespace Pipeline.Storage.Objects;

/// <summary>
/// Connections to the store: bounded in the making, renewed now and then so that a changed address is noticed. An answer that does not begin
/// in time counts as a broken connection, which is tried again; one that does tells the store's time.
/// </summary>
internal sealed class S3Http(S3Clock clock, TimeSpan patience) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(
        new Listener(clock, patience, new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        }))
    {
        Timeout = Timeout.InfiniteTimeSpan, // each request brings its own
    };

    // Uploads at a quarter of a MiB a second are slow but move; a copy on the server takes its time.
    private static TimeSpan TimeFor(HttpRequestMessage request, TimeSpan patience) =>
        request.Headers.Contains("x-amz-copy-source") ? patience * 10 : patience + TimeSpan.FromSeconds((request.Content?.Headers.ContentLength ?? 0) >> 18);

    private sealed class Listener(S3Clock clock, TimeSpan patience, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            late.CancelAfter(TimeFor(request, patience));
            HttpResponseMessage response;
            try
            {
                response = await base.SendAsync(request, late.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException("The store did not answer in time.", slow);
            }

            if (response.Headers.Date is { } date)
            {
                clock.Hear(date);
            }

            return response;
        }
    }
}
