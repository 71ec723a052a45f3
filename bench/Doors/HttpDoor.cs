using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Pipeline.Bench.Doors;

/// <summary>The real <c>serve</c> in a process of its own, called over HTTP as protocol version 2026-07-28 has it: a request, an answer, no session.</summary>
internal sealed class HttpDoor : IDoor
{
    private const string ProtocolVersion = "2026-07-28";

    private readonly Process _server;
    private readonly HttpClient _client;
    private long _requests;

    private HttpDoor(Process server, Uri url) => (_server, _client) = (server, new HttpClient { BaseAddress = new Uri(url, "/mcp") });

    public TimeSpan ServerCpu
    {
        get
        {
            _server.Refresh();
            return _server.TotalProcessorTime;
        }
    }

    /// <summary>Asks the server other things than tools.</summary>
    public HttpClient Client => _client;

    /// <summary>Starts it on <paramref name="data"/>, with these settings beside the environment's.</summary>
    public static async Task<HttpDoor> OpenAsync(string data, Dictionary<string, string>? settings = null)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "pipeline-server"))
        {
            ArgumentList = { "serve", "--data", data, "--url", "http://127.0.0.1:0" },
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings ?? [])
        {
            start.Environment[name] = value;
        }

        var server = Process.Start(start)!;
        while (await server.StandardError.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("listening on ", StringComparison.Ordinal))
            {
                _ = server.StandardError.BaseStream.CopyToAsync(Stream.Null); // a full pipe would stop it
                return new HttpDoor(server, new Uri(line["listening on ".Length..]));
            }
        }

        throw new InvalidOperationException("The server did not start.");
    }

    public async Task<JsonObject> CallAsync(string tool, JsonObject arguments) => Answer.Read(tool, await AskAsync(tool, arguments));

    /// <summary>Where an asset's bytes are to be had.</summary>
    public async Task<Uri> LinkAsync(string asset)
    {
        var told = await AskAsync("get_asset", new JsonObject { ["asset"] = asset });
        return new Uri((string)told!["content"]!.AsArray().Single(static one => (string?)one!["type"] == "resource_link")!["_meta"]!["download_url"]!);
    }

    private async Task<JsonNode?> AskAsync(string tool, JsonObject arguments)
    {
        var body = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = Interlocked.Increment(ref _requests),
            ["method"] = "tools/call",
            ["params"] = new JsonObject
            {
                ["name"] = tool,
                ["arguments"] = arguments,
                ["_meta"] = new JsonObject
                {
                    ["io.modelcontextprotocol/protocolVersion"] = ProtocolVersion,
                    ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
                },
            },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        request.Headers.Add("MCP-Protocol-Version", ProtocolVersion);
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", tool);
        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var data = text.Split('\n').LastOrDefault(static line => line.StartsWith("data:", StringComparison.Ordinal));
        return JsonNode.Parse(data is null ? text : data["data:".Length..])?["result"];
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
    }
}
