using System.Net;
using System.Net.Sockets;

namespace Pipeline.Faults.Stores;

/// <summary>A proxy before the S3 server that does to requests what a test says, and can be as strict about signatures as a real store is.</summary>
public sealed class StoreProxy : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly Uri _store;
    private readonly SignatureCheck? _signatures;
    private readonly Task _serving;
    private int _requests;

    /// <param name="store">The server behind it.</param>
    /// <param name="signatures">Refuses what is not signed as it must be; null to let all pass.</param>
    public StoreProxy(Uri store, SignatureCheck? signatures = null)
    {
        (_store, _signatures) = (store, signatures);
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }

        _listener.Prefixes.Add(Endpoint.ToString());
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public Uri Endpoint { get; }

    /// <summary>What goes wrong with a request; null for nothing. Given the method, the path with its query, and how many came before.</summary>
    public Func<string, string, int, StoreFault?> Faults { get; set; } = (_, _, _) => null;

    /// <summary>How many requests came.</summary>
    public int Requests => _requests;

    public async ValueTask DisposeAsync()
    {
        _listener.Abort();
        await _serving;
        _http.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => AnswerAsync(context));
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var fault = Faults(context.Request.HttpMethod, context.Request.RawUrl!, Interlocked.Increment(ref _requests) - 1);
            if (fault is { Delay.Ticks: > 0 })
            {
                await Task.Delay(fault.Delay);
            }

            if (_signatures?.Refuse(context.Request, body.ToArray()) is { } reason)
            {
                await RefuseAsync(context.Response, HttpStatusCode.Forbidden, reason);
            }
            else if (fault?.Status is { } status)
            {
                await RefuseAsync(context.Response, status, status == HttpStatusCode.ServiceUnavailable ? "SlowDown" : "InternalError");
            }
            else
            {
                await PassAsync(context, body, fault);
            }
        }
        catch (Exception broken) when (broken is IOException or HttpListenerException or HttpRequestException or ObjectDisposedException or InvalidOperationException)
        {
            context.Response.Abort();
        }
    }

    private async Task PassAsync(HttpListenerContext context, MemoryStream body, StoreFault? fault)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.HttpMethod), new Uri(_store, context.Request.RawUrl));
        request.Content = new ByteArrayContent(body.ToArray());
        foreach (string name in context.Request.Headers)
        {
            if (name is not ("Host" or "Connection" or "Expect" or "Content-Length") && !request.Headers.TryAddWithoutValidation(name, context.Request.Headers[name]))
            {
                request.Content.Headers.TryAddWithoutValidation(name, context.Request.Headers[name]);
            }
        }

        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (fault is { DropAnswer: true })
        {
            context.Response.Abort();
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var header in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Content-Length" or "Transfer-Encoding" or "Connection" or "Server" or "Date")))
        {
            context.Response.Headers[header.Key] = string.Join(",", header.Value);
        }

        if (context.Request.HttpMethod == "HEAD")
        {
            context.Response.ContentLength64 = answer.Content.Headers.ContentLength ?? 0;
            context.Response.Close();
            return;
        }

        var bytes = await answer.Content.ReadAsByteArrayAsync();
        context.Response.ContentLength64 = bytes.Length;
        var cut = (int)Math.Min(bytes.Length, fault?.CutAfterBytes ?? bytes.Length);
        await context.Response.OutputStream.WriteAsync(bytes.AsMemory(0, cut));
        if (cut < bytes.Length)
        {
            await context.Response.OutputStream.FlushAsync();
            context.Response.Abort();
            return;
        }

        context.Response.Close();
    }

    private static async Task RefuseAsync(HttpListenerResponse response, HttpStatusCode status, string code)
    {
        response.StatusCode = (int)status;
        response.ContentType = "application/xml";
        await response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>"));
        response.Close();
    }
}
