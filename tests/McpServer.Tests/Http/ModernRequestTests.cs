using System.Net;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.TestHost;

namespace Pipeline.McpServer.Tests.Http;

public sealed class ModernRequestTests
{
    [Fact]
    public async Task The_official_client_calls_without_a_session()
    {
        await using var door = await Door.OpenAsync();
        var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = door.Url, TransportMode = HttpTransportMode.StreamableHttp });
        await using var client = await McpClient.CreateAsync(transport);
        var result = await client.CallToolAsync("echo", new Dictionary<string, object?> { ["text"] = "é<b>" });
        Assert.Equal("2026-07-28", client.NegotiatedProtocolVersion);
        Assert.Equal("é<b>", Assert.IsType<ModelContextProtocol.Protocol.TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.Equal(0, door.Sessions);
    }

    [Fact]
    public async Task Unknown_and_removed_methods_are_404()
    {
        await using var door = await Door.OpenAsync();
        foreach (var method in (string[])["no/such", "initialize", "ping", "logging/setLevel", "resources/subscribe"])
        {
            var (http, json) = await door.SendAsync(Door.Modern(method));
            Assert.Equal(HttpStatusCode.NotFound, http.StatusCode);
            Assert.Equal(-32601, (int)json!["error"]!["code"]!);
            Assert.Equal(7, (int)json["id"]!);
        }
    }

    [Theory]
    [InlineData("MCP-Protocol-Version", "1999-01-01", -32022)]
    [InlineData("MCP-Protocol-Version", "2025-11-25", -32020)]
    [InlineData("MCP-Protocol-Version", null, -32020)]
    [InlineData("Mcp-Method", "tools/list", -32020)]
    [InlineData("Mcp-Method", null, -32020)]
    [InlineData("Mcp-Name", "Echo", -32020)]
    [InlineData("Mcp-Name", "=?base64?!!?=", -32020)]
    [InlineData("Mcp-Name", null, -32020)]
    public async Task A_header_that_does_not_say_what_the_body_says_is_400(string header, string? value, int code)
    {
        await using var door = await Door.OpenAsync();
        var request = Door.Call("echo", new JsonObject { ["text"] = "a" });
        request.Headers.Remove(header);
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        var (http, json) = await door.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, http.StatusCode);
        Assert.Equal(code, (int)json!["error"]!["code"]!);
        Assert.Equal(7, (int)json["id"]!);
    }

    [Fact]
    public async Task A_name_in_base64_is_the_same_name()
    {
        await using var door = await Door.OpenAsync();
        var request = Door.Call("echo", new JsonObject { ["text"] = "a" });
        request.Headers.Remove("Mcp-Name");
        request.Headers.Add("Mcp-Name", "=?base64?ZWNobw==?=");
        var (http, json) = await door.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, http.StatusCode);
        Assert.Equal("a", (string)json!["result"]!["content"]![0]!["text"]!);
    }

    [Theory]
    [InlineData("eu", "3", HttpStatusCode.OK)]
    [InlineData("us", "3", HttpStatusCode.BadRequest)]
    [InlineData(null, "3", HttpStatusCode.BadRequest)]
    [InlineData("eu", "3.0", HttpStatusCode.OK)]
    [InlineData("eu", "4", HttpStatusCode.BadRequest)]
    public async Task Marked_arguments_travel_in_headers_too(string? region, string count, HttpStatusCode expected)
    {
        await using var door = await Door.OpenAsync();
        var request = Door.Call("routed", new JsonObject { ["region"] = "eu", ["count"] = 3 });
        request.Headers.Add("Mcp-Param-Count", count);
        if (region is not null)
        {
            request.Headers.Add("Mcp-Param-Region", region);
        }

        var (http, _) = await door.SendAsync(request);
        Assert.Equal(expected, http.StatusCode);
    }

    [Fact]
    public async Task Missing_metadata_is_named()
    {
        await using var door = await Door.OpenAsync();
        var request = Door.Raw("""{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/list");
        var (http, json) = await door.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, http.StatusCode);
        Assert.Equal(-32602, (int)json!["error"]!["code"]!);
        Assert.Contains("clientCapabilities", (string)json["error"]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_cancels_its_call()
    {
        await using var door = await Door.OpenAsync();
        var before = SampleTools.Cancelled;
        using var leave = new CancellationTokenSource();
        using var response = await door.Client.SendAsync(
            Door.Call("wait", new JsonObject { ["seconds"] = 60 }), HttpCompletionOption.ResponseHeadersRead, leave.Token);
        response.Dispose();
        await Eventually.TrueAsync(() => SampleTools.Cancelled > before);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_ends_with_an_error()
    {
        await using var door = await Door.OpenAsync(options => options with { RequestTimeout = TimeSpan.FromMilliseconds(400) });
        var (_, json) = await door.SendAsync(Door.Call("wait", new JsonObject { ["seconds"] = 60 }));
        Assert.Contains("took longer", (string)json!["error"]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_is_acknowledged_told_and_answered_at_the_end()
    {
        var door = await Door.OpenAsync(options => options with { KeepAlive = TimeSpan.FromMilliseconds(50) });
        var listen = Door.Modern("subscriptions/listen", new JsonObject
        {
            ["notifications"] = new JsonObject { ["toolsListChanged"] = true, ["resourceSubscriptions"] = new JsonArray("test://watched") },
        });
        using var response = await door.Client.SendAsync(listen, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var acknowledged = await NextAsync(reader);
        Assert.Equal("notifications/subscriptions/acknowledged", (string)acknowledged["method"]!);
        Assert.Null(acknowledged["params"]!["notifications"]!["promptsListChanged"]);

        door.Composition.Changes.Publish(new Change(ChangeKind.PromptList));
        door.Composition.Changes.Publish(new Change(ChangeKind.Resource, "test://other"));
        door.Composition.Changes.Publish(new Change(ChangeKind.Resource, "test://watched"));
        var told = await NextAsync(reader);
        Assert.Equal("notifications/resources/updated", (string)told["method"]!);
        Assert.Equal("test://watched", (string)told["params"]!["uri"]!);
        Assert.Equal(7, (int)told["params"]!["_meta"]!["io.modelcontextprotocol/subscriptionId"]!);
        while (await reader.ReadLineAsync() != ": alive")
        {
            // A silent stream shows that it lives.
        }

        var closing = door.DisposeAsync();
        var answer = await NextAsync(reader);
        Assert.Equal(7, (int)answer["id"]!);
        Assert.Equal(7, (int)answer["result"]!["_meta"]!["io.modelcontextprotocol/subscriptionId"]!);
        await closing;
    }

    private static async Task<JsonNode> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                return JsonNode.Parse(line["data:".Length..])!;
            }
        }

        throw new EndOfStreamException("The stream ended without another event.");
    }
}
