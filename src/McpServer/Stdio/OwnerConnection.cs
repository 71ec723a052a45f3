using System.Net.Sockets;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Connections;

namespace Pipeline.McpServer.Stdio;

/// <summary>One client on the owner's socket, with its own server and a count of its calls in flight.</summary>
internal sealed class OwnerConnection : IAsyncDisposable
{
    private readonly NetworkStream _stream;
    private readonly StreamServerTransport _transport;
    private readonly SdkServer _server;
    private readonly IDisposable _subscriptions;
    private readonly CancellationTokenSource _ending = new();
    private readonly CallsInFlight _calls = new();

    public OwnerConnection(Socket socket, Connection connection, ServerFactory servers, Subscriptions subscriptions)
    {
        _stream = new NetworkStream(socket, ownsSocket: false);
        var options = servers.OptionsFor(connection);
        options.Filters.Message.IncomingFilters.Insert(0, _calls.Count);
        _subscriptions = subscriptions.Attach(options, connection);
        _transport = new StreamServerTransport(_stream, _stream, "owner", servers.Logs);
        _server = servers.Create(_transport, options);
    }

    /// <summary>Serves until the client leaves or the owner ends.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, cancellation);
        await _server.RunAsync(ending.Token).ConfigureAwait(false);
    }

    /// <summary>Lets calls in flight finish for <paramref name="atMost"/>, then ends the connection.</summary>
    public async Task DrainAsync(TimeSpan atMost, TimeProvider time)
    {
        if (atMost > TimeSpan.Zero)
        {
            await Task.WhenAny(_calls.WhenNone(), Task.Delay(atMost, time)).ConfigureAwait(false);
        }

        await _ending.CancelAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _subscriptions.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
        await _transport.DisposeAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
    }
}
