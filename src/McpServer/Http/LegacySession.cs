using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Auth;
using Pipeline.McpServer.Connections;

namespace Pipeline.McpServer.Http;

/// <summary>A client of the handshake era: its server lives until the client ends it, rests too long, or makes room.</summary>
internal sealed class LegacySession : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly SdkServer _server;
    private readonly IDisposable _subscriptions;
    private readonly Task _running;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private int _inUse;
    private int _listening;
    private bool _ended;

    public LegacySession(string id, Connection connection, ServerFactory servers, Subscriptions subscriptions, TimeProvider time)
    {
        (Id, Owner, _time) = (id, connection.Caller, time);
        Transport = new StreamableHttpServerTransport(servers.Logs) { SessionId = id };
        var options = servers.OptionsFor(connection);
        _subscriptions = subscriptions.Attach(options, connection);
        _server = servers.Create(Transport, options);
        _running = _server.RunAsync(_ending.Token);
        LastUsed = time.GetTimestamp();
    }

    public string Id { get; }

    /// <summary>Whose session it is: nobody else may use it, whatever id they name.</summary>
    public Identity Owner { get; }

    public StreamableHttpServerTransport Transport { get; }

    /// <summary>When the last request ended, as the clock's timestamp.</summary>
    public long LastUsed { get; private set; }

    /// <summary>Whether no request is being served.</summary>
    public bool Rests
    {
        get
        {
            lock (_gate)
            {
                return _inUse == 0;
            }
        }
    }

    /// <summary>Holds the session for one request; false when it has ended.</summary>
    public bool TryUse()
    {
        lock (_gate)
        {
            _inUse += _ended ? 0 : 1;
            return !_ended;
        }
    }

    /// <summary>Lets go after <see cref="TryUse"/>.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _inUse--;
            LastUsed = _time.GetTimestamp();
        }
    }

    /// <summary>Claims the one stream for what the server says unasked.</summary>
    public bool TryListen() => Interlocked.Exchange(ref _listening, 1) == 0;

    /// <summary>Marks a resting session as ended, so that no request can begin any more; false when it is in use.</summary>
    public bool TryEnd(bool force)
    {
        lock (_gate)
        {
            if (_ended || (_inUse > 0 && !force))
            {
                return false;
            }

            return _ended = true;
        }
    }

    /// <summary>Hands one message in; true when an answer was written.</summary>
    public Task<bool> PostAsync(JsonRpcMessage message, Stream body, CancellationToken cancellation) =>
        Transport.HandlePostRequestAsync(message, body, cancellation);

    public async ValueTask DisposeAsync()
    {
        _subscriptions.Dispose();
        await Transport.DisposeAsync().ConfigureAwait(false);
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.DisposeAsync().ConfigureAwait(false);
        _ending.Dispose();
    }
}
