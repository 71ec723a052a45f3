using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModelContextProtocol.Client;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Assets.Shares;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Egress;
using Pipeline.Tools.Tests.Serving;
using Pipeline.Tools.Tests.Webhooks;

namespace Pipeline.Tools.Tests.Assets;

public sealed class ResumedImportTests : IDisposable
{
    private static readonly byte[] Film = [.. "\0\0\0\u0018ftypmp42"u8, .. RandomNumberGenerator.GetBytes(1_500_000)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-import-");

    [Fact]
    public async Task A_download_goes_on_after_the_house_was_closed()
    {
        await using var server = await RangeServer.StartAsync(Film);
        await BreakOffAsync(server);
        var before = server.ServedBytes;
        server.StopsAfter = null;

        await using var house = await OpenAsync(server, attempts: 3);
        var client = await ClientAsync(house);
        var job = Assert.Single((await client.CallAsync("resume_agent", new { })).GetProperty("jobs_in_flight").EnumerateArray());
        Assert.Equal(("stopped", 500_000, Film.Length), (job.GetProperty("state").GetString(), job.GetProperty("bytes_done").GetInt64(), job.GetProperty("bytes_total").GetInt64()));
        var came = await client.CallAsync("import_asset", new { asset = "film/a.mp4", url = server.Url, sha256 = Sha(Film) });

        Assert.Equal(Film.Length, came.GetProperty("size_bytes").GetInt64());
        Assert.Equal(Film.Length, server.ServedBytes);
        Assert.Equal(Film.Length - 500_000, server.ServedBytes - before);
        Assert.Equal(["bytes=500000-"], server.Served.Skip(1).Select(one => one.Range));
        Assert.Empty(Directory.GetFiles(Imports));
        Assert.Empty((await client.CallAsync("resume_agent", new { })).GetProperty("jobs_in_flight").EnumerateArray());
    }

    [Fact]
    public async Task What_changed_meanwhile_starts_anew()
    {
        await using var server = await RangeServer.StartAsync(Film);
        await BreakOffAsync(server);
        (server.StopsAfter, server.Tag, server.Bytes) = (null, "\"two\"", [.. Film.Reverse()]);

        await using var house = await OpenAsync(server);
        var came = await (await ClientAsync(house)).CallAsync("import_asset", new { asset = "film/a.mp4", url = server.Url, media_type = "application/octet-stream" });

        Assert.Equal(Sha(server.Bytes), came.GetProperty("sha256").GetString());
        Assert.Equal([200, 200], server.Served.Select(one => one.Status));
    }

    [Theory]
    [InlineData("no ranges", new[] { 200, 200 })]
    [InlineData("weak tag", new[] { 200, 200 })]
    [InlineData("old date", new[] { 200, 206 })]
    [InlineData("date of now", new[] { 200, 200 })]
    public async Task What_cannot_be_known_again_starts_anew(string server, int[] statuses)
    {
        await using var files = await RangeServer.StartAsync(Film);
        files.TakesRanges = server != "no ranges";
        files.Tag = server switch { "no ranges" => "\"one\"", "weak tag" => "W/\"one\"", _ => null };
        files.Modified = server switch { "old date" => DateTimeOffset.UtcNow.AddDays(-1), "date of now" => DateTimeOffset.UtcNow.AddMinutes(1), _ => null };
        await BreakOffAsync(files);
        files.StopsAfter = null;

        await using var house = await OpenAsync(files);
        var came = await (await ClientAsync(house)).CallAsync("import_asset", new { asset = "film/a.mp4", url = files.Url });

        Assert.Equal(Sha(Film), came.GetProperty("sha256").GetString());
        Assert.Equal(statuses, files.Served.Select(one => one.Status));
    }

    [Fact]
    public async Task A_write_that_is_refused_costs_no_second_download()
    {
        await using var server = await RangeServer.StartAsync(Film);
        await using var house = await OpenAsync(server);
        var client = await ClientAsync(house);
        var other = await house.ConnectAsync("other");
        server.StopsAfter = 700_000;
        var locked = new TaskCompletionSource();
        server.BeforeStop = locked.Task;
        var importing = client.RawAsync("import_asset", new { asset = "film/a.mp4", url = server.Url });
        await Task.WhenAny(importing, Task.Run(async () => { while (server.Served.IsEmpty) await Task.Delay(5); }));
        var lockId = (await other.CallAsync("acquire_lock", new { asset = "film/a.mp4" })).GetProperty("lock_id").GetString();
        server.StopsAfter = null;
        locked.SetResult();

        Assert.True((await importing).IsError);
        var refused = server.ServedBytes;
        await other.CallAsync("release_lock", new { lock_id = lockId });
        var came = await client.CallAsync("import_asset", new { asset = "film/a.mp4", url = server.Url });

        Assert.Equal(Sha(Film), came.GetProperty("sha256").GetString());
        Assert.Equal((Film.Length, Film.Length), (refused, server.ServedBytes));
        Assert.Equal(304, server.Served.Last().Status);
        await client.CallAsync("import_asset", new { asset = "film/a.mp4", url = server.Url });
        Assert.Equal(2 * Film.Length, server.ServedBytes); // done is done: a new import is a new download
    }

    [Fact]
    public async Task Two_of_the_same_intent_fetch_once()
    {
        await using var server = await RangeServer.StartAsync(Film);
        await using var house = await OpenAsync(server);
        var client = await ClientAsync(house);
        server.StopsAfter = 700_000;

        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => client.CallAsync("import_asset", new { asset = "film/a.mp4", url = server.Url, idempotency_key = "k" })));

        Assert.Equal([1, 1], both.Select(one => one.GetProperty("version").GetInt64()));
        Assert.Equal(Film.Length, server.ServedBytes);
    }

    [Fact]
    public async Task Other_bytes_than_expected_are_not_gone_on_from()
    {
        await using var server = await RangeServer.StartAsync(Film);
        await using var house = await OpenAsync(server);
        var client = await ClientAsync(house);

        await client.RefusedAsync("import_asset", new { asset = "film/a.mp4", url = server.Url, sha256 = new string('0', 64) }, "checksum_mismatch");
        await client.CallAsync("import_asset", new { asset = "film/a.mp4", url = server.Url, sha256 = Sha(Film) });
        server.Bytes = Encoding.UTF8.GetBytes("<html><title>Sign in</title></html>");
        await client.RefusedAsync("import_asset", new { asset = "film/b", url = server.Url, media_type = "video/mp4" }, "type_mismatch");

        Assert.Equal([200, 200, 200], server.Served.Select(one => one.Status));
    }

    [Fact]
    public async Task What_nobody_goes_on_with_is_swept_after_a_day()
    {
        var clock = new HandClock();
        await using var server = await RangeServer.StartAsync(Film);
        server.StopsAfter = 500_000;
        await using var house = await OpenAsync(server, attempts: 1, clock);
        var client = await ClientAsync(house);
        await client.RefusedAsync("import_asset", new { asset = "film/a.mp4", url = server.Url }, "import_failed");
        using var stop = new CancellationTokenSource();
        var sweep = house.GetAll<IBackgroundWork>().Single(work => work.GetType().Name == "PartialSweep").RunAsync(stop.Token);

        Assert.Single(Directory.GetFiles(Imports));
        clock.Advance(TimeSpan.FromHours(25));
        for (var tries = 0; tries < 6000 && Directory.GetFiles(Imports).Length > 0; tries++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
            clock.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Empty(Directory.GetFiles(Imports));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sweep);
    }

    [Fact]
    public async Task A_share_link_becomes_the_file_through_the_confirm_page()
    {
        await using var drive = await Receiver.StartAsync(async (_, response) =>
        {
            var request = response.HttpContext.Request;
            var id = request.Query["id"].ToString();
            if (id == "BIG" && request.Query["uuid"] != "u-1")
            {
                response.ContentType = "text/html; charset=utf-8";
                await response.WriteAsync($"<html><form id=\"download-form\" action=\"{request.Path}\" method=\"get\"><input type=\"hidden\" name=\"id\" value=\"BIG\"><input type=\"hidden\" name=\"uuid\" value=\"u-1\"></form></html>");
            }
            else if (id == "PRIVATE") response.Redirect("https://accounts.google.com/ServiceLogin?continue=x");
            else if (id == "QUOTA")
            {
                response.ContentType = "text/html";
                await response.WriteAsync("<html>Too many users have viewed or downloaded this file recently.</html>");
            }
            else if (id == "COOKIE" && !request.Headers.Cookie.ToString().Contains("seen=1", StringComparison.Ordinal))
            {
                response.Headers.SetCookie = "seen=1; path=/";
                response.Redirect(request.Path + request.QueryString);
            }
            else if (id == "GONE") response.StatusCode = 404;
            else await response.Body.WriteAsync(Film);
        });
        await using var house = await House.OpenAsync(services => services
            .Replace(ServiceDescriptor.Singleton(new EgressOptions { Hosts = [drive.Host] }))
            .Replace(ServiceDescriptor.Singleton<ShareResolver>(address => new Uri(drive.Url + ShareLink.Resolve(address).Query))));
        var client = await ClientAsync(house);

        foreach (var id in new[] { "SMALL", "BIG", "COOKIE" })
        {
            var came = await client.CallAsync("import_asset", new { asset = $"film/{id}.mp4", url = $"https://drive.google.com/file/d/{id}/view?usp=sharing" });
            Assert.Equal(Sha(Film), came.GetProperty("sha256").GetString());
        }

        foreach (var (id, kind) in new[] { ("PRIVATE", "sign_in"), ("QUOTA", "quota"), ("GONE", "sign_in") })
        {
            var refused = await client.RefusedAsync("import_asset", new { asset = "film/x.mp4", url = $"https://drive.google.com/open?id={id}" }, "not_downloadable");
            Assert.Equal(kind, refused.GetProperty("facts").GetProperty("kind").GetString());
        }

        await client.RefusedAsync("import_asset", new { asset = "film/x.mp4", url = "https://drive.google.com/drive/folders/1AbC" }, "not_downloadable");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Imports => Path.Combine(_folder.FullName, "data", "imports");

    private static string Sha(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    // The first 500,000 bytes come, then the house closes.
    private async Task BreakOffAsync(RangeServer server)
    {
        server.StopsAfter = 500_000;
        await using var house = await OpenAsync(server, attempts: 1);
        var refused = await (await ClientAsync(house)).RefusedAsync("import_asset", new { asset = "film/a.mp4", url = server.Url }, "import_failed");
        Assert.Equal(500_000, refused.GetProperty("facts").GetProperty("bytes_kept").GetInt64());
    }

    private Task<House> OpenAsync(RangeServer server, int attempts = 4, TimeProvider? clock = null) => House.OpenAsync(
        services =>
        {
            services
                .Replace(ServiceDescriptor.Singleton(new EgressOptions { Hosts = [server.Host] }))
                .Replace(ServiceDescriptor.Singleton(new ImportOptions { Backoff = TimeSpan.FromMilliseconds(1), MaxAttempts = attempts }));
            if (clock is not null) services.AddSingleton(clock);
        },
        _folder.FullName);

    private static async Task<McpClient> ClientAsync(House house)
    {
        var client = await house.ConnectAsync();
        await client.RawAsync("create_workspace", new { workspace = "film" });
        return client;
    }
}
