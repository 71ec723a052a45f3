using System.Net.Sockets;
using Pipeline.McpServer.Connections;

namespace Pipeline.McpServer.Stdio;

/// <summary>
/// The owner's local door: a Unix socket that only this user's processes may use. After a greeting each connection is an MCP client of its own,
/// with a server of its own.
/// </summary>
public sealed class OwnerSocket : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly OwnerSocketOptions _options;
    private readonly Composition _composition;
    private readonly Subscriptions _subscriptions;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<OwnerConnection> _connections = [];
    private readonly Lock _gate = new();
    private readonly Task _accepting;
    private bool _draining;

    private OwnerSocket(Socket listener, string path, OwnerSocketOptions options, Composition composition)
    {
        (_listener, Path, _options, _composition) = (listener, path, options, composition);
        _subscriptions = new Subscriptions(composition.Changes, composition.MaySee, _ending.Token);
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Path { get; }

    /// <summary>How many clients are connected.</summary>
    public int Clients
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Completes when a relay of a newer build asked this owner to give way.</summary>
    public Task Replaced => _replaced.Task;

    /// <summary>Begins to listen. Call it only while owning the data folder: a socket left by a dead owner is removed.</summary>
    public static OwnerSocket Listen(string dataFolder, OwnerSocketOptions options, Composition composition)
    {
        var path = SocketPath.For(dataFolder);
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        listener.Listen(128);
        return new OwnerSocket(listener, path, options, composition);
    }

    /// <summary>Takes no more clients or calls, lets what is in flight finish for <paramref name="atMost"/>, then ends every connection.</summary>
    public async Task DrainAsync(TimeSpan atMost)
    {
        OwnerConnection[] connections;
        lock (_gate)
        {
            _draining = true;
            connections = [.. _connections];
        }

        await Task.WhenAll(connections.Select(connection => connection.DrainAsync(atMost, _options.Time))).ConfigureAwait(false);
    }

    /// <summary>Stops listening and ends every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _draining = true;
        }

        await _ending.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        OwnerConnection[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
        }

        await Task.WhenAll(connections.Select(connection => connection.DrainAsync(TimeSpan.Zero, _options.Time))).ConfigureAwait(false);
        File.Delete(Path);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            var socket = await _listener.AcceptAsync(_ending.Token).ConfigureAwait(false);
            _ = ServeAsync(socket);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owned = socket;
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
            patience.CancelAfter(_options.GreetingTimeout);
            if (await GreetAsync(socket, patience.Token).ConfigureAwait(false) is { } hello)
            {
                await ServeAsync(socket, hello).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client left, or this owner ends: a connection has no other way to close.
        }
        catch (Exception broken)
        {
            // One client's broken connection is not the others'; it must not go unseen either.
            _composition.Servers.Logs.CreateLogger<OwnerSocket>().LogError(broken, "A connection broke.");
        }
    }

    private async Task<Hello?> GreetAsync(Socket socket, CancellationToken cancellation)
    {
        if (!Peer.IsSameUser(socket))
        {
            await RefuseAsync(socket, "forbidden", "The data folder belongs to another user.", cancellation).ConfigureAwait(false);
            return null;
        }

        var hello = await Greeting.ReceiveAsync(socket, GreetingJson.Default.Hello, cancellation).ConfigureAwait(false);
        if (hello is null)
        {
            await RefuseAsync(socket, "invalid_hello", "The first line must be a greeting in JSON.", cancellation).ConfigureAwait(false);
            return null;
        }

        if (hello.Protocol != Hello.CurrentProtocol)
        {
            await RefuseAsync(
                socket, "protocol_mismatch", $"The owner speaks greeting {Hello.CurrentProtocol}, not {hello.Protocol}.", cancellation).ConfigureAwait(false);
            return null;
        }

        if (_options.GivesWay && hello.Build > _options.Build)
        {
            _replaced.TrySetResult();
        }

        if (_draining || _replaced.Task.IsCompleted)
        {
            await RefuseAsync(socket, "draining", "The owner is ending; ask again.", cancellation).ConfigureAwait(false);
            return null;
        }

        await Greeting.SendAsync(socket, Answer() with { Ok = true }, GreetingJson.Default.HelloAnswer, cancellation).ConfigureAwait(false);
        return hello;
    }

    private async Task ServeAsync(Socket socket, Hello hello)
    {
        await using var connection = new OwnerConnection(socket, hello.ToConnection(_options.Limits), _composition.Servers, _subscriptions);
        Count(connection, joins: true);
        try
        {
            await connection.RunAsync(_ending.Token).ConfigureAwait(false);
        }
        finally
        {
            Count(connection, joins: false);
        }
    }

    private void Count(OwnerConnection connection, bool joins)
    {
        lock (_gate)
        {
            _ = joins ? _connections.Add(connection) : _connections.Remove(connection);
        }
    }

    private HelloAnswer Answer() => new() { Build = _options.Build, OwnerPid = Environment.ProcessId };

    private Task RefuseAsync(Socket socket, string code, string message, CancellationToken cancellation) =>
        Greeting.SendAsync(socket, Answer() with { Code = code, Message = message }, GreetingJson.Default.HelloAnswer, cancellation);
}
