using System.Net;
using System.Security.Cryptography;
using System.Text;
using Pipeline.McpServer.Auth;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Http;
using Pipeline.McpServer.TestHost;
using Role = Pipeline.Tools.Calls.Role;

namespace Pipeline.McpServer.Tests.Http;

public sealed class GuardTests
{
    [Theory]
    [InlineData("evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData("localhost:1", null, HttpStatusCode.Forbidden)]
    [InlineData("localhost:PORT", null, HttpStatusCode.OK)]
    [InlineData("127.0.0.1:4000", null, HttpStatusCode.OK)]
    [InlineData("localhost:4000", null, HttpStatusCode.Forbidden)]
    [InlineData("[::1]:PORT", null, HttpStatusCode.OK)]
    [InlineData("127.0.0.1:PORT", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1:PORT", "null", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1:PORT", "http://localhost:PORT", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:PORT", "http://localhost:3000", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1:PORT", "https://studio.example", HttpStatusCode.OK)]
    public async Task Only_our_hosts_and_pages_pass(string host, string? origin, HttpStatusCode expected)
    {
        await using var door = await Door.OpenAsync(options => options with { AllowedOrigins = ["https://studio.example"], AllowedHosts = ["127.0.0.1:4000"] });
        var port = door.Url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var request = Door.Modern("tools/list");
        request.Headers.Host = host.Replace("PORT", port, StringComparison.Ordinal);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin.Replace("PORT", port, StringComparison.Ordinal));
        }

        var (http, _) = await door.SendAsync(request);
        Assert.Equal(expected, http.StatusCode);
        Assert.False(http.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_key_names_the_principal_and_without_one_nobody_passes()
    {
        var seen = new List<Connection>();
        var keys = new ApiKeys([(SHA256.HashData(Encoding.UTF8.GetBytes("good")), new Identity { Principal = "ann", Role = Role.Member })]);
        await using var door = await Door.OpenAsync(options => options with { Keys = keys }, connection => { lock (seen) { seen.Add(connection); } });
        foreach (var key in (string?[])[null, "bad"])
        {
            var refused = Door.Modern("tools/list");
            refused.Headers.Authorization = key is null ? null : new("Bearer", key);
            var (no, _) = await door.SendAsync(refused);
            Assert.Equal(HttpStatusCode.Unauthorized, no.StatusCode);
            Assert.Equal("Bearer", Assert.Single(no.Headers.WwwAuthenticate).Scheme);
        }

        Assert.Empty(seen);
        var request = Door.Modern("tools/list");
        request.Headers.Authorization = new("Bearer", "good");
        var (yes, _) = await door.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, yes.StatusCode);
        Assert.Equal("ann", Assert.Single(seen).Caller.Principal);
        Assert.Equal(HttpStatusCode.OK, (await door.Client.GetAsync(new Uri("/healthz", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await door.Client.GetAsync(new Uri("/readyz", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Others_can_reach_a_door_only_with_keys()
    {
        await using var composition = SampleComposition.Create();
        await Assert.ThrowsAsync<InvalidOperationException>(() => HttpDoor.OpenAsync(
            new HttpDoorOptions { Url = new Uri("http://0.0.0.0:0") }, composition, new ConnectionLimits(), TimeProvider.System, default));
    }

    [Fact]
    public async Task A_body_must_be_json_small_and_a_message()
    {
        await using var door = await Door.OpenAsync(options => options with { MaxBodyBytes = 2048 });
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await door.SendAsync(Door.Raw("{}", "text/plain"))).Http.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await door.SendAsync(Door.Raw(new string(' ', 4096)))).Http.StatusCode);
        var chunked = Door.Raw(new string(' ', 4096));
        chunked.Headers.TransferEncodingChunked = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await door.SendAsync(chunked)).Http.StatusCode);
        foreach (var body in (string[])["", "[]", "{", "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}"])
        {
            var (http, json) = await door.SendAsync(Door.Raw(body));
            Assert.Equal(HttpStatusCode.BadRequest, http.StatusCode);
            Assert.Equal(-32600, (int)json!["error"]!["code"]!);
        }

        var request = Door.Modern("tools/list");
        request.Headers.Accept.Clear();
        request.Headers.Accept.ParseAdd("application/json");
        Assert.Equal(HttpStatusCode.NotAcceptable, (await door.SendAsync(request)).Http.StatusCode);
    }
}
