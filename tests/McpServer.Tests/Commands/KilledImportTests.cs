using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pipeline.McpServer.Tests.Stdio;

namespace Pipeline.McpServer.Tests.Commands;

public sealed class KilledImportTests
{
    private const int Kills = 3;
    private static readonly byte[] Film = [.. "\0\0\0\u0018ftypmp42"u8, .. RandomNumberGenerator.GetBytes(8_000_000)];

    [Fact]
    public async Task No_byte_is_fetched_twice_however_often_the_server_is_killed()
    {
        using var home = new DataHome();
        var served = new ConcurrentQueue<(long From, long Bytes)>();
        var stopsAt = new ConcurrentQueue<int>([1_000_000, 2_500_000, 6_000_000]);
        await using var files = await StartAsync(served, stopsAt);
        var (url, host) = ($"{files.Urls.Single()}/film.mp4", new Uri(files.Urls.Single()).Authority);
        await using (var first = await ServerProcess.StartAsync(home.Data, host))
        {
            Assert.Equal(0, (await CommandRun.OfAsync("call", "create_workspace", "--server", first.Url, "--workspace", "film")).Exit);
        }

        for (var kill = 0; kill < Kills; kill++)
        {
            stopsAt.TryPeek(out var until);
            await using var server = await ServerProcess.StartAsync(home.Data, host);
            var call = ImportAsync(server, url);
            await Eventually.TrueAsync(() => Partial(home) == until);
            await server.KillAsync();
            Assert.NotEqual(0, (await call).Exit);
            stopsAt.TryDequeue(out _);
        }

        await using var last = await ServerProcess.StartAsync(home.Data, host);
        var done = await ImportAsync(last, url);

        Assert.True(done.Exit == 0, done.Errors);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Film)), (string?)JsonNode.Parse(done.Output)!["sha256"]);
        Assert.Equal([0, 1_000_000, 2_500_000, 6_000_000], served.Select(one => one.From));
        Assert.Equal(Film.Length, served.Sum(one => one.Bytes));
        Assert.Empty(Directory.GetFiles(Path.Combine(home.Data, "imports")));
    }

    private static Task<CommandRun> ImportAsync(ServerProcess server, string url) =>
        CommandRun.OfAsync("call", "import_asset", "--server", server.Url, "--asset", "film/a.mp4", "--url", url, "--idempotency_key", "once");

    private static long Partial(DataHome home) => Directory.GetFiles(Path.Combine(home.Data, "imports")) is [var file] ? new FileInfo(file).Length : 0;

    // Serves up to where the next kill is to strike, and then nothing until the other side is gone.
    private static async Task<WebApplication> StartAsync(ConcurrentQueue<(long From, long Bytes)> served, ConcurrentQueue<int> stopsAt)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var files = builder.Build();
        files.MapGet("/film.mp4", async (HttpContext context) =>
        {
            var range = context.Request.Headers.Range.ToString();
            var isRest = range.Length > 0 && context.Request.Headers.IfRange == "\"one\"";
            var from = isRest ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
            var to = stopsAt.TryPeek(out var stop) ? stop : Film.Length;
            context.Response.Headers.ETag = "\"one\"";
            context.Response.StatusCode = isRest ? 206 : 200;
            context.Response.ContentLength = Film.Length - from;
            if (isRest)
            {
                context.Response.Headers.ContentRange = $"bytes {from}-{Film.Length - 1}/{Film.Length}";
            }

            served.Enqueue((from, to - from));
            await context.Response.Body.WriteAsync(Film.AsMemory(from..to));
            await context.Response.Body.FlushAsync();
            if (to < Film.Length)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        });
        await files.StartAsync();
        return files;
    }
}
