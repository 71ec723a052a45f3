using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Http;
using Pipeline.McpServer.TestHost;

namespace Pipeline.McpServer.Tests.Http;

/// <summary>A real HTTP door on a free loopback port, and raw requests to it.</summary>
internal sealed class Door : IAsyncDisposable
{
    private readonly HttpDoor _door;

    private Door(HttpDoor door, Composition composition)
    {
        (_door, Composition) = (door, composition);
        Client = new HttpClient { BaseAddress = new Uri(door.Url, "/mcp"), Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Client { get; }

    public Composition Composition { get; }

    public Uri Url => new(_door.Url, "/mcp");

    public int Sessions => _door.Sessions;

    public static async Task<Door> OpenAsync(Func<HttpDoorOptions, HttpDoorOptions>? set = null, Action<Connection>? seen = null)
    {
        var composition = SampleComposition.Create(seen);
        var options = new HttpDoorOptions { Url = new Uri("http://127.0.0.1:0") };
        return new Door(
            await HttpDoor.OpenAsync(set?.Invoke(options) ?? options, composition, new ConnectionLimits(), TimeProvider.System, default), composition);
    }

    /// <summary>A modern request with everything it must carry.</summary>
    public static HttpRequestMessage Modern(string method, JsonObject? parameters = null, string? name = null)
    {
        parameters ??= [];
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
        };
        var request = Raw(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 7, ["method"] = method, ["params"] = parameters }.ToJsonString());
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        if (name is not null)
        {
            request.Headers.Add("Mcp-Name", name);
        }

        return request;
    }

    public static HttpRequestMessage Call(string tool, JsonObject arguments) =>
        Modern("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments }, tool);

    public static HttpRequestMessage Raw(string body, string mediaType = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = new StringContent(body, Encoding.UTF8, mediaType) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return request;
    }

    public static HttpRequestMessage Initialize() => Raw(
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""");

    /// <summary>Sends and reads the one JSON-RPC answer, whichever way it came.</summary>
    public async Task<(HttpResponseMessage Http, JsonNode? Json)> SendAsync(HttpRequestMessage request)
    {
        var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var data = text.Split('\n').LastOrDefault(line => line.StartsWith("data:", StringComparison.Ordinal));
        var json = data is not null ? data["data:".Length..] : text;
        return (response, json.TrimStart().StartsWith('{') ? JsonNode.Parse(json) : null);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _door.DisposeAsync();
        await Composition.DisposeAsync();
    }
}
