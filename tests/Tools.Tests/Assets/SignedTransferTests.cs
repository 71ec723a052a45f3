using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Pipeline.Faults.Stores;
using Pipeline.McpServer.Serving;
using Pipeline.Storage;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Assets;

/// <summary>Bytes that go straight to the store and from it, before a store as strict about signatures as real ones are.</summary>
[Trait("needs", "services")]
public sealed class SignedTransferTests
{
    private static readonly byte[] Film = [.. "\0\0\0\u0018ftypmp42"u8, .. RandomNumberGenerator.GetBytes(200_000)];
    private static readonly string Sha = Convert.ToHexStringLower(SHA256.HashData(Film));

    [Fact]
    public async Task What_was_sent_to_the_store_becomes_one_version()
    {
        await using var site = await Site.OpenAsync();
        var arguments = new { asset = "film/a.mp4", size_bytes = Film.Length, sha256 = Sha, metadata = new { shot = 1 }, idempotency_key = "one" };
        var told = await site.Client.CallAsync("create_upload", arguments);
        var sent = await site.PutAsync(told, Film);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);

        var standing = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => site.Client.CallAsync("create_upload", arguments)));
        var ended = await site.Client.CallAsync("create_upload", arguments);
        Assert.Equal((1, Sha, "video/mp4"), (ended.GetProperty("written").GetProperty("version").GetInt64(), ended.GetProperty("written").GetProperty("sha256").GetString(), ended.GetProperty("written").GetProperty("media_type").GetString()));
        Assert.All(standing, one => Assert.False(one.TryGetProperty("refused", out _)));
        var asset = await site.Client.CallAsync("get_asset", new { asset = "film/a.mp4" });
        Assert.Equal((1, 1), (asset.GetProperty("version").GetInt32(), asset.GetProperty("metadata").GetProperty("shot").GetInt32()));
        Assert.Equal(["objects/" + Sha[..2] + "/" + Sha[2..]], await site.Bucket.KeysAsync());
    }

    [Fact]
    public async Task The_work_in_the_background_notices_it_too()
    {
        await using var site = await Site.OpenAsync();
        var told = await site.Client.CallAsync("create_upload", new { asset = "film/a.mp4", size_bytes = Film.Length });
        using var ending = new CancellationTokenSource();
        var working = site.House.Get<StagedUploads>().RunAsync(ending.Token);
        await site.PutAsync(told, Film);
        while ((await site.Client.RawAsync("get_asset", new { asset = "film/a.mp4" })).IsError == true)
        {
            await Task.Delay(50);
        }

        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working);
        Assert.Equal(1, (await site.Client.CallAsync("get_asset", new { asset = "film/a.mp4" })).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task The_store_refuses_other_sizes_other_hashes_and_late_comers()
    {
        await using var site = await Site.OpenAsync();
        var sized = await site.Client.CallAsync("create_upload", new { asset = "film/a.mp4", size_bytes = Film.Length });
        var hashed = await site.Client.CallAsync("create_upload", new { asset = "film/b.mp4", size_bytes = Film.Length, sha256 = Sha });
        var other = (byte[])Film.Clone();
        other[^1] ^= 1;

        Assert.Equal(HttpStatusCode.Forbidden, (await site.PutAsync(sized, Film[1..])).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.PutAsync(hashed, other)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Http.PutAsync(hashed.GetProperty("url").GetString(), new ByteArrayContent(Film))).StatusCode);
        site.Signatures.Ahead = TimeSpan.FromHours(25);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.PutAsync(hashed, Film)).StatusCode);
        site.Signatures.Ahead = TimeSpan.Zero;
        Assert.Equal(HttpStatusCode.OK, (await site.PutAsync(hashed, Film)).StatusCode);
    }

    /// <summary>A store that holds nobody to a size or a hash: the server looks itself.</summary>
    [Fact]
    public async Task Other_bytes_are_refused_when_they_have_come_and_right_ones_may_follow()
    {
        await using var site = await Site.OpenAsync();
        var arguments = new { asset = "film/a.mp4", size_bytes = Film.Length, sha256 = Sha };
        var token = TokenOf(await site.Client.CallAsync("create_upload", arguments));

        await site.PutBehindAsync(token, Film[1..]);
        Assert.Equal("size_mismatch", Refusal(await site.Client.CallAsync("create_upload", arguments)));
        var other = (byte[])Film.Clone();
        other[^1] ^= 1;
        await site.PutBehindAsync(token, other);
        Assert.Equal("checksum_mismatch", Refusal(await site.Client.CallAsync("create_upload", arguments)));
        await site.Client.RefusedAsync("get_asset", new { asset = "film/a.mp4" }, "not_found");
        await site.PutBehindAsync(token, Film);
        Assert.Equal(1, (await site.Client.CallAsync("create_upload", arguments)).GetProperty("written").GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task A_lock_taken_meanwhile_keeps_the_bytes_waiting()
    {
        await using var site = await Site.OpenAsync();
        var arguments = new { asset = "film/a.mp4", size_bytes = Film.Length, idempotency_key = "one" };
        var told = await site.Client.CallAsync("create_upload", arguments);
        var other = await site.House.ConnectAsync("other");
        var held = await other.CallAsync("acquire_lock", new { asset = "film/a.mp4", ttl_seconds = 600 });
        await site.PutAsync(told, Film);

        var refused = await site.Client.CallAsync("create_upload", arguments);
        Assert.Equal(("lock_held", Film.Length), (Refusal(refused), refused.GetProperty("offset_bytes").GetInt64()));
        var job = (await site.Client.CallAsync("resume_agent", new { })).GetProperty("jobs_in_flight").EnumerateArray().Single();
        Assert.Equal(("upload", "fetched"), (job.GetProperty("kind").GetString(), job.GetProperty("state").GetString()));
        await other.CallAsync("release_lock", new { lock_id = held.GetProperty("lock_id").GetString() });
        Assert.Equal(1, (await site.Client.CallAsync("create_upload", arguments)).GetProperty("written").GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task What_is_too_large_for_one_request_goes_through_the_server()
    {
        await using var site = await Site.OpenAsync();
        var told = await site.Client.CallAsync("create_upload", new { asset = "film/long.mp4", size_bytes = 6L << 30 });
        Assert.StartsWith("/upload/", told.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.False(told.TryGetProperty("server_url", out _));
    }

    [Fact]
    public async Task A_link_gives_one_version_as_a_file_until_it_expires()
    {
        await using var site = await Site.OpenAsync();
        await site.Client.CallAsync("put_asset", new { asset = "film/página \"1\".html", text = "<script>alert(1)</script>" });
        var told = (await site.Client.RawAsync("get_asset", new { asset = "film/página \"1\".html" })).Content.OfType<ResourceLinkBlock>().Single();
        var link = new Uri(told.Meta!["download_url"]!.GetValue<string>());
        await site.Client.CallAsync("put_asset", new { asset = "film/página \"1\".html", text = "newer" });

        using var whole = await site.Http.GetAsync(link);
        Assert.Equal("<script>alert(1)</script>", await whole.Content.ReadAsStringAsync());
        Assert.Equal(("attachment", "página \"1\".html"), (whole.Content.Headers.ContentDisposition!.DispositionType, whole.Content.Headers.ContentDisposition.FileNameStar));
        using var part = await site.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, link) { Headers = { Range = new(1, 6) } });
        Assert.Equal((HttpStatusCode.PartialContent, "script"), (part.StatusCode, await part.Content.ReadAsStringAsync()));
        using var forged = await site.Http.GetAsync(new Uri(link.AbsoluteUri.Replace("attachment", "inline", StringComparison.Ordinal)));
        site.Signatures.Ahead = TimeSpan.FromHours(2);
        using var late = await site.Http.GetAsync(link);
        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.Forbidden], new[] { forged.StatusCode, late.StatusCode });
    }

    private static string Refusal(JsonElement told) => told.GetProperty("refused").GetProperty("code").GetString()!;

    private static string TokenOf(JsonElement told) => told.GetProperty("server_url").GetString()!.Split('/')[^1];

    /// <summary>A house on a bucket behind a strict proxy.</summary>
    private sealed class Site : IAsyncDisposable
    {
        private StoreProxy _proxy = null!;

        public House House { get; private set; } = null!;

        public McpClient Client { get; private set; } = null!;

        public TestBucket Bucket { get; private set; } = null!;

        public SignatureCheck Signatures { get; private set; } = null!;

        public HttpClient Http { get; } = new();

        public static async Task<Site> OpenAsync()
        {
            var bucket = await TestBucket.MakeAsync();
            var signatures = new SignatureCheck(bucket.Options.AccessKey, bucket.Options.SecretKey);
            var proxy = new StoreProxy(TestBucket.Endpoint, signatures);
            var house = await House.OpenAsync(services =>
            {
                var folder = (DataFolder)services.Last(service => service.ServiceType == typeof(DataFolder)).ImplementationInstance!;
                services.AddS3Objects(bucket.Options with { Endpoint = proxy.Endpoint }, folder);
            });
            var client = await house.ConnectAsync("tester");
            await client.CallAsync("create_workspace", new { workspace = "film", auto_index = false });
            return new Site { House = house, Client = client, Bucket = bucket, Signatures = signatures, _proxy = proxy };
        }

        /// <summary>Sends as it was told to.</summary>
        public Task<HttpResponseMessage> PutAsync(JsonElement told, byte[] bytes)
        {
            var request = new HttpRequestMessage(HttpMethod.Put, told.GetProperty("url").GetString()) { Content = new ByteArrayContent(bytes) };
            foreach (var header in told.TryGetProperty("headers", out var headers) ? headers.EnumerateObject().ToList() : [])
            {
                request.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
            }

            return Http.SendAsync(request);
        }

        /// <summary>What a store that checks nothing would let pass.</summary>
        public Task PutBehindAsync(string token, byte[] bytes) => Bucket.Client.PutObjectAsync(
            new Amazon.S3.Model.PutObjectRequest { BucketName = Bucket.Name, Key = "staging/" + token, InputStream = new MemoryStream(bytes), UseChunkEncoding = false });

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await House.DisposeAsync();
            await _proxy.DisposeAsync();
            await Bucket.DisposeAsync();
        }
    }
}
