using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pipeline.Tools.Tests.Webhooks;

namespace Pipeline.Tools.Tests.Assets;

/// <summary>A file server on loopback as the standard describes one, that counts what it serves and stops where a test wants.</summary>
public sealed class RangeServer(byte[] bytes) : IAsyncDisposable
{
    private Receiver _receiver = null!;

    public byte[] Bytes { get; set; } = bytes;

    /// <summary>The entity tag; null for none.</summary>
    public string? Tag { get; set; } = "\"one\"";

    /// <summary>When it was last modified; null for not said.</summary>
    public DateTimeOffset? Modified { get; set; }

    public bool TakesRanges { get; set; } = true;

    /// <summary>Ends the connection when so many bytes of one answer are out; null for never.</summary>
    public int? StopsAfter { get; set; }

    /// <summary>Awaited before it is ended.</summary>
    public Task BeforeStop { get; set; } = Task.CompletedTask;

    public bool Fails { get; set; }

    /// <summary>What was asked for and how many bytes went out for it.</summary>
    public ConcurrentQueue<(string Range, int Status, long Served)> Served { get; } = new();

    public string Url => _receiver.Url;

    public string Host => _receiver.Host;

    public long ServedBytes => Served.Sum(one => one.Served);

    public static async Task<RangeServer> StartAsync(byte[] bytes)
    {
        var server = new RangeServer(bytes);
        server._receiver = await Receiver.StartAsync((_, response) => server.AnswerAsync(response.HttpContext.Request, response));
        return server;
    }

    public async ValueTask DisposeAsync() => await _receiver.DisposeAsync();

    private async Task AnswerAsync(HttpRequest request, HttpResponse response)
    {
        var range = request.Headers.Range.ToString();
        var condition = request.Headers.IfRange.ToString();
        var isSame = condition.Length == 0 || condition == Tag || condition == Modified?.ToString("R", CultureInfo.InvariantCulture);
        var from = TakesRanges && range.Length > 0 && isSame ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
        response.Headers.ETag = Tag;
        if (Modified is { } modified) response.Headers.LastModified = modified.ToString("R", CultureInfo.InvariantCulture);
        var none = request.Headers.IfNoneMatch.ToString();
        if (Fails || (none.Length > 0 && none == Tag))
        {
            response.StatusCode = Fails ? 503 : 304;
            Served.Enqueue((range + none, response.StatusCode, 0));
            return;
        }

        response.StatusCode = from > 0 ? 206 : 200;
        if (from > 0) response.Headers.ContentRange = $"bytes {from}-{Bytes.Length - 1}/{Bytes.Length}";
        response.ContentLength = Bytes.Length - from;
        var part = Bytes.AsMemory(from, Math.Min(StopsAfter ?? int.MaxValue, Bytes.Length - from));
        Served.Enqueue((range, response.StatusCode, part.Length));
        await response.Body.WriteAsync(part);
        await response.Body.FlushAsync();
        if (part.Length < Bytes.Length - from)
        {
            await BeforeStop; // then the server closes behind the last byte, as fewer came than were announced; a reset could overtake them
        }
    }
}
