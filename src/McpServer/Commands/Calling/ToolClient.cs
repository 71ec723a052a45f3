using System.Net;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Pipeline.McpServer.Auth;
using Pipeline.McpServer.Stdio;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Commands.Calling;

/// <summary>An MCP client of a server over HTTP or of a data folder's owner, which is started when there is none.</summary>
internal sealed class ToolClient : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];
    private readonly HttpClient? _http;
    private readonly OwnerConnector? _owners;

    private ToolClient(HttpClient? http, OwnerConnector? owners) => (_http, _owners) = (http, owners);

    /// <summary>The connected client.</summary>
    public McpClient Client { get; private set; } = null!;

    public static async Task<ToolClient> ConnectAsync(Target target, TimeProvider time, CancellationToken cancellation)
    {
        var client = target.Server is null
            ? new ToolClient(null, new(target.DataFolder, Hello(target), () => OwnerStart.Start(target.DataFolder), time))
            : new ToolClient(new HttpClient { Timeout = Timeout.InfiniteTimeSpan }, null);
        try
        {
            var transport = target.Server is null ? await client.ToOwnerAsync(cancellation).ConfigureAwait(false) : client.ToServer(target);
            client.Client = await McpClient.CreateAsync(
                transport, new() { ClientInfo = new() { Name = "pipeline", Version = Build.Version } }, cancellationToken: cancellation).ConfigureAwait(false);
            client._open.Add(client.Client);
            return client;
        }
        catch (HttpRequestException failure)
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw new HttpRequestException(Say(target, failure), failure, failure.StatusCode);
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_open))
        {
            await one.DisposeAsync().ConfigureAwait(false);
        }

        _owners?.Dispose();
        _http?.Dispose();
    }

    private static string Say(Target target, HttpRequestException failure) => failure.StatusCode switch
    {
        HttpStatusCode.Unauthorized => string.IsNullOrEmpty(target.Key)
            ? $"{target.Server} asks for an API key: set PIPELINE_KEY, or give --key."
            : $"{target.Server} does not know this API key (PIPELINE_KEY, or --key).",
        { } status => $"{target.Server} answers {(int)status} ({status}): is that an MCP server?",
        null => $"{target.Server} does not answer ({failure.Message}). Is the server running there?",
    };

    /// <summary>Whoever types at this machine is the operator: one principal over all calls, so that a lock taken by one is released by the next.</summary>
    private static Hello Hello(Target target)
    {
        var limits = LimitOptions.OfEnvironment();
        return new()
        {
            Build = Build.Stamp,
            Agent = string.IsNullOrEmpty(target.Agent) ? Identity.Operator.Principal : target.Agent,
            Toolsets = [.. Enum.GetValues<Toolset>().Select(Wire.Name)],
            ImportRoots = limits.ImportRoots,
            ExportRoots = limits.ExportRoots,
        };
    }

    private async Task<IClientTransport> ToOwnerAsync(CancellationToken cancellation)
    {
        var link = await _owners!.ConnectAsync(cancellation).ConfigureAwait(false);
        _open.Add(link);
        return new StreamClientTransport(link.Stream, link.Stream);
    }

    private HttpClientTransport ToServer(Target target)
    {
        var options = new HttpClientTransportOptions { Endpoint = target.Server!, TransportMode = HttpTransportMode.StreamableHttp, EnableStandaloneGetStream = false };
        if (!string.IsNullOrEmpty(target.Key))
        {
            options.AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer " + target.Key };
        }

        return new(options, _http!);
    }
}
