using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pipeline.McpServer.Tests.Observing;

/// <summary>An OTLP collector of protobuf over HTTP that keeps what it gets.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _traces = new();
    private readonly ConcurrentQueue<string> _metrics = new();
    private WebApplication _app = null!;

    public string Url => _app.Urls.Single();

    public static async Task<Collector> OpenAsync()
    {
        var collector = new Collector();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        collector._app = builder.Build();
        collector._app.MapPost("/v1/traces", context => KeepAsync(context, collector._traces));
        collector._app.MapPost("/v1/metrics", context => KeepAsync(context, collector._metrics));
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Names of the spans of a trace. In a span's message the trace's id (field 1), span and parent ids (2, 4) and flags (16) stand before the name (5).</summary>
    public IReadOnlyList<string> Spans(string traceId)
    {
        var id = Regex.Escape(Encoding.Latin1.GetString(Convert.FromHexString(traceId)));
        var span = new Regex($"\n\u0010{id}\u0012\b.{{8}}(?:\"\b.{{8}})?(?:\u0085\u0001.{{4}})?\\*(?<length>.)(?<rest>.{{1,80}})", RegexOptions.Singleline | RegexOptions.CultureInvariant);
        return [.. _traces.SelectMany(body => span.Matches(body)).Select(match => match.Groups["rest"].Value[..match.Groups["length"].Value[0]])];
    }

    public bool HasMetric(string name) => _metrics.Any(body => body.Contains(name, StringComparison.Ordinal));

    /// <summary>Whether anything that came holds the text.</summary>
    public bool Heard(string text) => _traces.Concat(_metrics).Any(body => body.Contains(text, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task KeepAsync(HttpContext context, ConcurrentQueue<string> kept)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        kept.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
    }
}
