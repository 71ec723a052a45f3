using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pipeline.Faults.Stores;

/// <summary>A proxy before the S3 server that does to requests what a test says, and can be as strict about signatures as a real store is.</summary>
public sealed class StoreProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly CancellationTokenSource _ending = new();
    private readonly Uri _store;
    private readonly SignatureCheck? _signatures;
    private readonly Task _serving;
    private int _requests;

    /// <param name="store">The server behind it.</param>
    /// <param name="signatures">Refuses what is not signed as it must be; null to let all pass.</param>
    public StoreProxy(Uri store, SignatureCheck? signatures = null)
    {
        (_store, _signatures) = (store, signatures);
        _listener.Start();
        Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _serving = Task.Run(ServeAsync);
    }

    public Uri Endpoint { get; }

    /// <summary>What goes wrong with a request; null for nothing. Given the method, the path with its query, and how many came before.</summary>
    public Func<string, string, int, StoreFault?> Faults { get; set; } = (_, _, _) => null;

    /// <summary>How many requests came.</summary>
    public int Requests => _requests;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _serving;
        _listener.Dispose();
        _http.Dispose();
        _ending.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                var connection = await _listener.AcceptTcpClientAsync(_ending.Token);
                _ = Task.Run(() => AnswerAllAsync(connection));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAllAsync(TcpClient connection)
    {
        using (connection)
        {
            try
            {
                connection.NoDelay = true;
                connection.LingerState = new LingerOption(enable: true, seconds: 0);
                var stream = connection.GetStream();
                while (await ProxyRequest.ReadAsync(stream) is { } request && await AnswerAsync(request, stream))
                {
                }
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException or SocketException or OperationCanceledException)
            {
                // The other side left; so do we.
            }
        }
    }

    // False when the connection is to break.
    private async Task<bool> AnswerAsync(ProxyRequest request, NetworkStream stream)
    {
        var fault = Faults(request.Method, request.Target, Interlocked.Increment(ref _requests) - 1);
        if (fault is { Delay.Ticks: > 0 })
        {
            await Task.Delay(fault.Delay, _ending.Token);
        }

        if (_signatures?.Refuse(request) is { } reason)
        {
            return await RefuseAsync(stream, request, HttpStatusCode.Forbidden, reason);
        }

        return fault?.Status is { } status
            ? await RefuseAsync(stream, request, status, status == HttpStatusCode.ServiceUnavailable ? "SlowDown" : "InternalError")
            : await PassAsync(stream, request, fault);
    }

    private async Task<bool> PassAsync(NetworkStream stream, ProxyRequest request, StoreFault? fault)
    {
        using var asked = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(_store, request.Target)) { Content = new ByteArrayContent(request.Body) };
        foreach (var (name, value) in request.Headers)
        {
            if (name is not ("Host" or "Connection" or "Expect" or "Content-Length") && !asked.Headers.TryAddWithoutValidation(name, value))
            {
                asked.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var answer = await _http.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead);
        if (fault is { DropAnswer: true })
        {
            return false;
        }

        var isHead = request.Method == "HEAD";
        var bytes = isHead ? [] : await answer.Content.ReadAsByteArrayAsync();
        var length = isHead ? answer.Content.Headers.ContentLength ?? 0 : bytes.Length;
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Content-Length" or "Transfer-Encoding" or "Connection"))
            .Select(header => $"{header.Key}: {string.Join(",", header.Value)}\r\n");
        await WriteHeadAsync(stream, answer.StatusCode, string.Concat(headers), length);
        var cut = (int)Math.Min(bytes.Length, fault?.CutAfterBytes ?? bytes.Length);
        await stream.WriteAsync(bytes.AsMemory(0, cut));
        await stream.FlushAsync();
        if (cut == bytes.Length)
        {
            return true;
        }

        await Task.Delay(50); // what was sent arrives before the break
        return false;
    }

    private static async Task<bool> RefuseAsync(NetworkStream stream, ProxyRequest request, HttpStatusCode status, string code)
    {
        var body = request.Method == "HEAD" ? [] : Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>");
        await WriteHeadAsync(stream, status, "Content-Type: application/xml\r\n", body.Length);
        await stream.WriteAsync(body);
        return true;
    }

    private static ValueTask WriteHeadAsync(NetworkStream stream, HttpStatusCode status, string headers, long length) => stream.WriteAsync(Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {(int)status} {status}\r\n{headers}Content-Length: {length}\r\n\r\n")));
}
