using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Pipeline.McpServer.Http;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Assets;

public sealed class TransferTests
{
    private static readonly byte[] Film = [.. "\0\0\0\u0018ftypmp42"u8, .. RandomNumberGenerator.GetBytes(200_000)];
    private static readonly string Sha = Convert.ToHexStringLower(SHA256.HashData(Film));

    [Fact]
    public async Task Parts_become_a_version_with_the_last_of_them()
    {
        await using var site = await Site.OpenAsync();
        var url = await site.AnnounceAsync(new { asset = "film/a.mp4", size_bytes = Film.Length, sha256 = Sha, metadata = new { shot = 1 } });

        var first = await site.PutAsync(url, Film[..80_000], 0);
        var wrong = await site.PutAsync(url, Film[90_000..], 90_000);
        var head = await site.SendAsync(new(HttpMethod.Head, url));
        var last = await site.PutAsync(url, Film[80_000..], 80_000);
        var again = await site.PutAsync(url, [], Film.Length);

        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, wrong.StatusCode);
        Assert.Equal("80000", head.Headers.GetValues("Upload-Offset").Single());
        Assert.Equal(HttpStatusCode.Created, last.StatusCode);
        Assert.Equal(await last.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        var asset = await site.Client.CallAsync("get_asset", new { asset = "film/a.mp4" });
        Assert.Equal((Sha, "video/mp4", 1), (asset.GetProperty("sha256").GetString(), asset.GetProperty("media_type").GetString(), asset.GetProperty("metadata").GetProperty("shot").GetInt32()));
        Assert.Equal(1, asset.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task A_whole_that_broke_off_is_sent_again_or_gone_on_with()
    {
        await using var site = await Site.OpenAsync();
        var url = await site.AnnounceAsync(new { asset = "film/a.mp4", size_bytes = Film.Length });

        await site.PutAsync(url, Film[..50_000], null);
        var whole = await site.PutAsync(url, Film, null);

        Assert.Equal(HttpStatusCode.Created, whole.StatusCode);
        Assert.Equal(Sha, (await Json(whole)).GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Other_bytes_and_other_people_are_refused()
    {
        await using var site = await Site.OpenAsync();
        var url = await site.AnnounceAsync(new { asset = "film/a.mp4", size_bytes = 10, sha256 = Sha });

        var stranger = await site.PutAsync(url, new byte[10], null, "stranger");
        var nobody = await site.PutAsync(url, new byte[10], null, "");
        var tooMuch = await site.PutAsync(url, new byte[11], null);
        var other = await site.PutAsync(url, new byte[10], null);
        var unknown = await site.PutAsync("/upload/upload_none", new byte[10], null);

        Assert.Equal(
            [HttpStatusCode.NotFound, HttpStatusCode.Unauthorized, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.UnprocessableEntity, HttpStatusCode.NotFound],
            new[] { stranger, nobody, tooMuch, other, unknown }.Select(response => response.StatusCode));
        await site.Client.RefusedAsync("get_asset", new { asset = "film/a.mp4" }, "not_found");
        await site.Client.RefusedAsync("create_upload", new { asset = "film/a.mp4", size_bytes = -1 }, "invalid_argument");
        await site.Client.RefusedAsync("create_upload", new { asset = "film/a.mp4@1", size_bytes = 1 }, "invalid_argument");
        await site.Client.RefusedAsync("create_upload", new { asset = "film/a.mp4", size_bytes = 1, if_version = 3 }, "version_conflict");
    }

    [Fact]
    public async Task The_terms_of_the_write_hold_when_the_bytes_come()
    {
        await using var site = await Site.OpenAsync();
        var url = await site.AnnounceAsync(new { asset = "film/a.txt", size_bytes = 3, if_version = 0 });
        await site.Client.CallAsync("put_asset", new { asset = "film/a.txt", text = "first" });

        var late = await site.PutAsync(url, new byte[3], null);

        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Equal("version_conflict", (await Json(late)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_write_that_is_refused_keeps_the_bytes()
    {
        await using var site = await Site.OpenAsync();
        var url = await site.AnnounceAsync(new { asset = "film/a.mp4", size_bytes = Film.Length, sha256 = Sha });
        await site.PutAsync(url, Film[..80_000], 0);
        var other = await site.House.ConnectAsync("other");
        var body = new PausedContent(Film[80_000..]);
        body.Headers.ContentRange = new ContentRangeHeaderValue(80_000, Film.Length - 1, Film.Length);
        var sending = site.SendAsync(new(HttpMethod.Put, url) { Content = body, Headers = { ExpectContinue = true } }); // so it is asked for when the terms were looked at
        await body.Begun.Task;
        await other.CallAsync("acquire_lock", new { asset = "film/a.mp4", ttl_seconds = 60 });
        body.GoOn.SetResult();

        var refused = await sending;
        var head = await site.SendAsync(new(HttpMethod.Head, url));
        site.Clock.Advance(TimeSpan.FromMinutes(2));
        var ended = await site.SendAsync(new(HttpMethod.Put, url) { Content = Empty(Film.Length) });

        Assert.Equal("lock_held", (await Json(refused)).GetProperty("code").GetString());
        Assert.Equal($"{Film.Length}", head.Headers.GetValues("Upload-Offset").Single());
        Assert.Equal(HttpStatusCode.Created, ended.StatusCode);
        Assert.Equal(Sha, (await Json(ended)).GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Bytes_whose_terms_are_past_serve_the_next_upload_of_them()
    {
        await using var site = await Site.OpenAsync();
        var url = await site.AnnounceAsync(new { asset = "film/a.mp4", size_bytes = Film.Length, sha256 = Sha, if_version = 0 });
        var body = new PausedContent(Film);
        var sending = site.SendAsync(new(HttpMethod.Put, url) { Content = body, Headers = { ExpectContinue = true } }); // so it is asked for when the terms were looked at
        await body.Begun.Task;
        await site.Client.CallAsync("put_asset", new { asset = "film/a.mp4", text = "first" });
        body.GoOn.SetResult();
        Assert.Equal("version_conflict", (await Json(await sending)).GetProperty("code").GetString());

        var next = await site.Client.CallAsync("create_upload", new { asset = "film/a.mp4", size_bytes = Film.Length, sha256 = Sha, if_version = 1 });
        var elsewhere = await site.Client.CallAsync("create_upload", new { asset = "film/b.mp4", size_bytes = Film.Length, sha256 = Sha });
        var ended = await site.SendAsync(new(HttpMethod.Put, next.GetProperty("url").GetString()) { Content = Empty(Film.Length) });

        Assert.Equal((Film.Length, 0), (next.GetProperty("offset_bytes").GetInt64(), elsewhere.GetProperty("offset_bytes").GetInt64()));
        Assert.Equal((HttpStatusCode.Created, 2), (ended.StatusCode, (await Json(ended)).GetProperty("version").GetInt64()));
    }

    [Theory]
    [InlineData("bytes 0-2/99", 3)]
    [InlineData("bytes 0-11/10", 12)]
    [InlineData("bytes 0-4/10", 3)]
    [InlineData("bytes 0-11/*", 12)]
    [InlineData("items 0-2/10", 3)]
    [InlineData("bytes */99", 0)]
    public async Task A_part_of_another_whole_is_refused_before_a_byte_is_taken(string range, int length)
    {
        await using var site = await Site.OpenAsync();
        var url = await site.AnnounceAsync(new { asset = "film/a.bin", size_bytes = 10 });
        var content = new ByteArrayContent(new byte[length]);
        content.Headers.TryAddWithoutValidation("Content-Range", range);

        var refused = await site.SendAsync(new(HttpMethod.Put, url) { Content = content });
        var head = await site.SendAsync(new(HttpMethod.Head, url));

        Assert.Equal((HttpStatusCode.BadRequest, "0"), (refused.StatusCode, head.Headers.GetValues("Upload-Offset").Single()));
        Assert.Equal(HttpStatusCode.Created, (await site.PutAsync(url, new byte[10], null)).StatusCode);
    }

    [Fact]
    public async Task What_was_kept_under_no_real_media_type_can_still_be_fetched()
    {
        await using var site = await Site.OpenAsync();
        await site.Client.CallAsync("put_asset", new { asset = "film/a.txt", text = "hello" });
        await site.House.Database.TransactAsync(async tx => await tx.ExecuteAsync("update asset_versions set media_type='t\u00e9xt' where path='a.txt'"), CancellationToken.None);
        var client = await site.House.ConnectAsync("tester", baseUrl: new("http://127.0.0.1:8787"));
        var told = (await client.RawAsync("get_asset", new { asset = "film/a.txt" })).Content.OfType<ResourceLinkBlock>().Single();

        var fetched = await site.SendAsync(new(HttpMethod.Get, new Uri(told.Meta!["download_url"]!.GetValue<string>()).PathAndQuery));

        Assert.Equal((HttpStatusCode.OK, "hello", "application/octet-stream"), (fetched.StatusCode, await fetched.Content.ReadAsStringAsync(), fetched.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_link_gives_ranges_to_its_principal_until_it_expires()
    {
        await using var site = await Site.OpenAsync();
        var url = await site.AnnounceAsync(new { asset = "film/a.mp4", size_bytes = Film.Length });
        await site.PutAsync(url, Film, null);
        var client = await site.House.ConnectAsync("tester", baseUrl: new("http://127.0.0.1:8787"));
        var told = (await client.RawAsync("get_asset", new { asset = "film/a.mp4" })).Content.OfType<ResourceLinkBlock>().Single();
        var link = new Uri(told.Meta!["download_url"]!.GetValue<string>()).PathAndQuery;
        await site.Client.CallAsync("put_asset", new { asset = "film/a.mp4", text = "newer" });

        var whole = await site.SendAsync(new(HttpMethod.Get, link));
        var part = await site.SendAsync(new(HttpMethod.Get, link) { Headers = { Range = new RangeHeaderValue(100, 199) } });
        var stranger = await site.SendAsync(new(HttpMethod.Get, link), "stranger");
        var forged = await site.SendAsync(new(HttpMethod.Get, link[..^2] + (link.EndsWith("AA", StringComparison.Ordinal) ? "BB" : "AA")));
        site.Clock.Advance(TimeSpan.FromHours(2));
        var late = await site.SendAsync(new(HttpMethod.Get, link));

        Assert.Equal(Film, await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(Film[100..200], await part.Content.ReadAsByteArrayAsync());
        Assert.All([stranger, forged, late], response => Assert.Equal(HttpStatusCode.NotFound, response.StatusCode));
    }

    private static async Task<JsonElement> Json(HttpResponseMessage response) => JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());

    private static ByteArrayContent Empty(long size)
    {
        var content = new ByteArrayContent([]);
        content.Headers.ContentRange = new ContentRangeHeaderValue(size);
        return content;
    }

    /// <summary>A body whose last byte waits for the test.</summary>
    private sealed class PausedContent(byte[] bytes) : HttpContent
    {
        public TaskCompletionSource Begun { get; } = new();

        public TaskCompletionSource GoOn { get; } = new();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(..^1));
            await stream.FlushAsync();
            Begun.SetResult();
            await GoOn.Task;
            await stream.WriteAsync(bytes.AsMemory(^1..));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }

    /// <summary>A house with the transfer routes on a loopback port; the caller's name stands where its key would.</summary>
    private sealed class Site : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly HttpClient _http;

        private Site(House house, McpClient client, HandClock clock)
        {
            (House, Client, Clock) = (house, client, clock);
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.MapTransfers(house.Get<IServiceProvider>(), request => request.Headers.Authorization.ToString() is { Length: > 0 } name ? CallerOf(name) : null);
            _http = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan });
        }

        public House House { get; }

        public McpClient Client { get; }

        public HandClock Clock { get; }

        public static Caller CallerOf(string name) => new(name, Pipeline.Tools.Calls.Role.Member, null, false, [], []);

        public static async Task<Site> OpenAsync()
        {
            var clock = new HandClock();
            var house = await House.OpenAsync(services => services.AddSingleton<TimeProvider>(clock));
            var client = await house.ConnectAsync("tester");
            await client.CallAsync("create_workspace", new { workspace = "film" });
            var site = new Site(house, client, clock);
            await site._app.StartAsync();
            site._http.BaseAddress = new Uri(site._app.Urls.Single());
            return site;
        }

        public async Task<string> AnnounceAsync(object arguments) => (await Client.CallAsync("create_upload", arguments)).GetProperty("url").GetString()!;

        public Task<HttpResponseMessage> PutAsync(string url, byte[] bytes, long? offset, string principal = "tester")
        {
            var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = new ByteArrayContent(bytes) };
            if (offset is { } at && bytes.Length > 0)
            {
                request.Content.Headers.ContentRange = new ContentRangeHeaderValue(at, at + bytes.Length - 1, Film.Length);
            }

            return SendAsync(request, principal);
        }

        public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string principal = "tester")
        {
            request.Headers.TryAddWithoutValidation("Authorization", principal);
            return _http.SendAsync(request);
        }

        public async ValueTask DisposeAsync()
        {
            _http.Dispose();
            await _app.DisposeAsync();
            await House.DisposeAsync();
        }
    }
}
