using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Pipeline.Reliability.Recording;

namespace Pipeline.Reliability.Clients;

/// <summary>A connection of the MCP SDK over HTTP, made again after every loss. One attempt is one request: nothing is sent twice here.</summary>
internal sealed class Wire(Uri server, string name) : IAsyncDisposable
{
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = Timeout.InfiniteTimeSpan };
    private McpClient? _client;

    // Nobody listened: the call certainly had no effect.
    private static Answer Unreachable => new(Outcome.Refused, [], Answer.Unreachable);

    /// <summary>Calls a tool once. The outcome is open when the connection was lost under way, or time was up.</summary>
    public async Task<Answer> CallAsync(string tool, JsonObject arguments, string? cut, CancellationToken cancellation)
    {
        McpClient client;
        try
        {
            client = await ConnectAsync(cancellation);
        }
        catch (Exception absent) when (Loss.Is(absent))
        {
            return Unreachable;
        }

        try
        {
            var result = await client.CallToolAsync(
                new CallToolRequestParams
                {
                    Name = tool,
                    Arguments = arguments.ToDictionary(member => member.Key, member => JsonSerializer.SerializeToElement(member.Value)),
                    Meta = cut is null ? null : new JsonObject { ["rig/cut"] = cut },
                },
                cancellation);
            var body = result.StructuredContent is { ValueKind: JsonValueKind.Object } content ? JsonObject.Create(content)! : [];
            return result.IsError is true ? new(Outcome.Refused, body, (string?)body["code"] ?? "tool_failed") : new(Outcome.Ok, body, null);
        }
        catch (Exception lost) when (Loss.Is(lost))
        {
            await ForgetAsync(client);
            return Loss.IsRefusedConnection(lost) ? Unreachable : new(Outcome.Open, [], lost.GetType().Name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ForgetAsync(_client);
        _http.Dispose();
        _connecting.Dispose();
    }

    private async Task<McpClient> ConnectAsync(CancellationToken cancellation)
    {
        if (_client is { } known)
        {
            return known;
        }

        await _connecting.WaitAsync(cancellation);
        try
        {
            return _client ??= await McpClient.CreateAsync(
                new HttpClientTransport(
                    new HttpClientTransportOptions { Endpoint = new Uri(server, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp, MaxReconnectionAttempts = 0 }, _http),
                new McpClientOptions { ClientInfo = new Implementation { Name = name, Version = "1" }, InitializationTimeout = TimeSpan.FromSeconds(10) },
                null,
                cancellation);
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async ValueTask ForgetAsync(McpClient? client)
    {
        if (client is null || Interlocked.CompareExchange(ref _client, null, client) != client)
        {
            return;
        }

        try
        {
            await client.DisposeAsync();
        }
        catch (Exception gone) when (Loss.Is(gone))
        {
            // It is forgotten because its server is gone; that it cannot say goodbye is no news.
        }
    }
}
