using System.Net;
using System.Security.Cryptography;
using System.Text;
using ModelContextProtocol.Client;
using Pipeline.McpServer.Auth;
using Pipeline.McpServer.Connections;

namespace Pipeline.McpServer.Tests.Http;

public sealed class LegacySessionTests
{
    [Fact]
    public async Task The_official_client_of_the_older_era_keeps_a_session()
    {
        await using var door = await Door.OpenAsync();
        var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = door.Url, TransportMode = HttpTransportMode.StreamableHttp });
        await using (var client = await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = "2025-11-25" }))
        {
            Assert.Equal("2025-11-25", client.NegotiatedProtocolVersion);
            await client.CallToolAsync("echo", new Dictionary<string, object?> { ["text"] = "a" });
            Assert.Equal(1, door.Sessions);
        }

        await Eventually.TrueAsync(() => door.Sessions == 0);
    }

    [Fact]
    public async Task Sessions_are_asked_for_by_id_and_end_when_told()
    {
        await using var door = await Door.OpenAsync();
        var ping = """{"jsonrpc":"2.0","id":2,"method":"ping"}""";
        Assert.Equal(HttpStatusCode.BadRequest, (await door.SendAsync(Door.Raw(ping))).Http.StatusCode);
        var session = await OpenAsync(door);
        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(In(session, Door.Raw(ping)))).Http.StatusCode);
        var (unknown, json) = await door.SendAsync(In("nobody", Door.Raw(ping)));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(-32001, (int)json!["error"]!["code"]!);
        Assert.Equal(2, (int)json["id"]!);
        var accepted = await door.SendAsync(In(session, Door.Raw("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")));
        Assert.Equal(HttpStatusCode.Accepted, accepted.Http.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(In(session, new HttpRequestMessage(HttpMethod.Delete, "")))).Http.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await door.SendAsync(In(session, Door.Raw(ping)))).Http.StatusCode);
    }

    [Fact]
    public async Task A_subscriber_hears_on_its_one_stream()
    {
        await using var door = await Door.OpenAsync();
        var session = await OpenAsync(door);
        await door.SendAsync(In(session, Door.Raw("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")));
        using var stream = await door.Client.SendAsync(In(session, Get()), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.BadRequest, (await door.SendAsync(In(session, Get()))).Http.StatusCode);
        await door.SendAsync(In(session, Door.Raw("""{"jsonrpc":"2.0","id":3,"method":"resources/subscribe","params":{"uri":"test://watched"}}""")));
        await Eventually.TrueAsync(() => door.Composition.Changes.Listeners == 1);
        door.Composition.Changes.Publish(new Change(ChangeKind.Resource, "test://watched"));
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        string? line;
        while ((line = await reader.ReadLineAsync()) is not null && !line.Contains("resources/updated", StringComparison.Ordinal))
        {
            // Other events and empty lines.
        }

        Assert.Contains("test://watched", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_belongs_to_who_opened_it()
    {
        ApiKeys keys = new(((string[])["ann", "bob"]).Select(name => (SHA256.HashData(Encoding.UTF8.GetBytes(name)), new Identity { Principal = name })));
        await using var door = await Door.OpenAsync(options => options with { Keys = keys });
        door.Client.DefaultRequestHeaders.Authorization = new("Bearer", "ann");
        var session = await OpenAsync(door);
        door.Client.DefaultRequestHeaders.Authorization = new("Bearer", "bob");
        Assert.Equal(HttpStatusCode.Forbidden, (await door.SendAsync(In(session, Door.Raw("""{"jsonrpc":"2.0","id":2,"method":"ping"}""")))).Http.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await door.SendAsync(In(session, Get()))).Http.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await door.SendAsync(In(session, new HttpRequestMessage(HttpMethod.Delete, "")))).Http.StatusCode);
        Assert.Equal(1, door.Sessions);
    }

    [Fact]
    public async Task The_longest_resting_session_makes_room()
    {
        await using var door = await Door.OpenAsync(options => options with { MaxSessions = 2 });
        var first = await OpenAsync(door);
        var second = await OpenAsync(door);
        await door.SendAsync(In(first, Door.Raw("""{"jsonrpc":"2.0","id":2,"method":"ping"}""")));
        await OpenAsync(door);
        Assert.Equal(2, door.Sessions);
        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(In(first, Door.Raw("""{"jsonrpc":"2.0","id":2,"method":"ping"}""")))).Http.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await door.SendAsync(In(second, Door.Raw("""{"jsonrpc":"2.0","id":2,"method":"ping"}""")))).Http.StatusCode);
    }

    [Fact]
    public async Task A_session_that_rests_too_long_is_swept()
    {
        await using var door = await Door.OpenAsync(options => options with { SessionIdle = TimeSpan.FromMilliseconds(100) });
        await OpenAsync(door);
        await Eventually.TrueAsync(() => door.Sessions == 0);
    }

    [Fact]
    public async Task Modern_requests_know_no_sessions()
    {
        await using var door = await Door.OpenAsync();
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
        {
            var request = new HttpRequestMessage(method, "");
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            var (http, _) = await door.SendAsync(request);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, http.StatusCode);
            Assert.Contains("POST", http.Content.Headers.Allow);
        }
    }

    private static async Task<string> OpenAsync(Door door) => Assert.Single((await door.SendAsync(Door.Initialize())).Http.Headers.GetValues("Mcp-Session-Id"));

    private static HttpRequestMessage In(string session, HttpRequestMessage request)
    {
        request.Headers.Add("Mcp-Session-Id", session);
        return request;
    }

    private static HttpRequestMessage Get()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "");
        request.Headers.Accept.ParseAdd("text/event-stream");
        return request;
    }
}
