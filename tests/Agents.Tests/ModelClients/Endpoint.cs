using System.Net;
using System.Text;
using Pipeline.Faults;

namespace Pipeline.Agents.Tests.ModelClients;

/// <summary>A local HTTP endpoint that answers from a script and keeps what it was sent.</summary>
internal sealed class Endpoint : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public Endpoint(params string[] answers)
    {
        Url = new Uri($"http://127.0.0.1:{FreePort.Next()}/v1");
        _listener.Prefixes.Add($"http://127.0.0.1:{Url.Port}/");
        _listener.Start();
        _serving = ServeAsync(answers);
    }

    public Uri Url { get; }

    public List<(string Path, string Body)> Received { get; } = [];

    public void Dispose()
    {
        _listener.Close();
        _serving.ContinueWith(_ => { }, TaskScheduler.Default).Wait(TimeSpan.FromSeconds(5));
    }

    private async Task ServeAsync(string[] answers)
    {
        for (var i = 0; ; i++)
        {
            var context = await _listener.GetContextAsync();
            using var body = new StreamReader(context.Request.InputStream, Encoding.Latin1);
            Received.Add((context.Request.Url!.AbsolutePath, await body.ReadToEndAsync()));
            var answer = Encoding.UTF8.GetBytes(answers[Math.Min(i, answers.Length - 1)]);
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(answer);
            context.Response.Close();
        }
    }
}
