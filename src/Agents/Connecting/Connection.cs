using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Pipeline.Agents.Connecting;

/// <summary>
/// An agent's way to the server: calls tools, reconnects when the server went away, and sends a call again when that makes sense.
/// Calls that change something carry one key per intent, so that sending them again never has a second effect.
/// </summary>
/// <param name="address">Where the server is.</param>
/// <param name="agent">The agent's name inside its principal.</param>
public sealed class Connection(ServerAddress address, string agent, TimeProvider time, Patience? patience = null) : IAsyncDisposable
{
    // An outage of this length is no restart that nobody need know of.
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(2);

    private readonly Patience _patience = patience ?? Patience.Usual;
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly HttpClient? _http = address.Url is null ? null : new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
    private Link? _link;
    private bool _closed;

    /// <summary>The agent's name.</summary>
    public string Agent { get; } = agent;

    public ServerAddress Address { get; } = address;

    /// <summary>Told once of each call that the server does not answer for a while.</summary>
    public Action<string>? Waits { get; init; }

    public TimeProvider Time { get; } = time;

    /// <summary>Calls a tool that changes nothing.</summary>
    /// <param name="arguments">An object whose members become the arguments, in snake_case; null members are left out.</param>
    /// <returns>The structured result.</returns>
    /// <exception cref="ToolRefused">The server refused.</exception>
    /// <exception cref="ServerUnreachable">It did not answer for longer than patience lasts.</exception>
    public async Task<JsonObject> ReadAsync(string tool, object arguments, CancellationToken ct) =>
        Body(await RawAsync(tool, Wire.Object(arguments), ct).ConfigureAwait(false));

    /// <summary>Calls a tool that changes something, in the agent's name.</summary>
    /// <param name="intent">The idempotency key: the same for every attempt at the same effect, also after a restart.</param>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<JsonObject> ChangeAsync(string tool, object arguments, string intent, CancellationToken ct)
    {
        var named = (JsonObject)Wire.Object(arguments).DeepClone();
        named["agent"] = Agent;
        named["idempotency_key"] = intent;
        return Body(await RawAsync(tool, named, ct).ConfigureAwait(false));
    }

    /// <summary>Calls a tool and returns everything that came back, pictures included.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<CallToolResult> RawAsync(string tool, JsonObject arguments, CancellationToken ct)
    {
        var request = new CallToolRequestParams
        {
            Name = tool,
            Arguments = arguments.ToDictionary(member => member.Key, member => JsonSerializer.SerializeToElement(member.Value, Wire.Json)),
        };
        return await AskAsync(async (client, stop) =>
        {
            var result = await client.CallToolAsync(request, stop).ConfigureAwait(false);
            return result.IsError is true ? throw ToolRefused.From(tool, AsObject(result.StructuredContent), Words(result)) : result;
        }, ct).ConfigureAwait(false);
    }

    /// <summary>The tools that the server lists, as functions that a model can call.</summary>
    public Task<IList<McpClientTool>> ToolsAsync(CancellationToken ct) =>
        AskAsync(async (client, stop) => await client.ListToolsAsync(cancellationToken: stop).ConfigureAwait(false), ct);

    public async ValueTask DisposeAsync()
    {
        await _connecting.WaitAsync().ConfigureAwait(false);
        _closed = true;
        if (_link is { } link) await link.RetireAsync().ConfigureAwait(false);
        _link = null;
        _connecting.Release();
        _http?.Dispose();
    }

    private async Task<T> AskAsync<T>(Func<McpClient, CancellationToken, Task<T>> ask, CancellationToken ct)
    {
        var since = Time.GetTimestamp();
        var isTold = false;
        for (var attempt = 1; ; attempt++)
        {
            Link? link = null;
            Exception failure;
            double? asked = null;
            try
            {
                link = await UseAsync(ct).ConfigureAwait(false);
                return await ask(link.Client, ct).ConfigureAwait(false);
            }
            catch (ToolRefused refusal) when (Patience.Passes(refusal.Code))
            {
                (failure, asked) = (refusal, refusal.RetryAfterSeconds);
            }
            catch (Exception lost) when (!ct.IsCancellationRequested && !_closed && Loss.Is(lost))
            {
                failure = lost;
                if (link is not null) await ReplaceAsync(link).ConfigureAwait(false);
            }
            finally
            {
                if (link is not null) await link.LeaveAsync().ConfigureAwait(false);
            }

            if (_patience.Rest(attempt, Time.GetElapsedTime(since), asked) is not { } rest)
                throw failure is ToolRefused ? failure : new ServerUnreachable(Address, failure);
            if (!isTold && failure is not ToolRefused && Time.GetElapsedTime(since) >= Noticed)
            {
                isTold = true;
                Waits?.Invoke($"{Address} does not answer ({failure.Message}); trying again");
            }

            await Task.Delay(rest, Time, ct).ConfigureAwait(false);
        }
    }

    private async Task<Link> UseAsync(CancellationToken ct)
    {
        if (_link is { } known && known.TryUse()) return known;
        await _connecting.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_link is { } made && made.TryUse()) return made;
            var link = new Link(await McpClient.CreateAsync(Transport(), Options(), null, ct).ConfigureAwait(false));
            link.TryUse();
            return _link = link;
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async ValueTask ReplaceAsync(Link lost)
    {
        Interlocked.CompareExchange(ref _link, null, lost);
        await lost.RetireAsync().ConfigureAwait(false);
    }

    private IClientTransport Transport() => Address.Url is { } url
        ? new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = url,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = Address.Key is { } key ? new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" } : null,
        }, _http!)
        : new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = Address.Command!,
            Arguments = [.. Address.Arguments],
            EnvironmentVariables = Address.Environment.ToDictionary(),
        });

    private McpClientOptions Options() => new()
    {
        ClientInfo = new Implementation { Name = Agent, Version = typeof(Connection).Assembly.GetName().Version?.ToString(3) ?? "0" },
        InitializationTimeout = TimeSpan.FromSeconds(30),
    };

    private static JsonObject Body(CallToolResult result) => AsObject(result.StructuredContent) ?? [];

    private static JsonObject? AsObject(JsonElement? content) => content is { ValueKind: JsonValueKind.Object } body ? JsonObject.Create(body) : null;

    private static string Words(CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
