using System.Net;
using System.Net.Sockets;

namespace Pipeline.Reliability.Serving;

/// <summary>One address before several servers: each connection goes to the next of them that takes it, and lives and dies with its other end.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    /// <summary>The name that callers use. A server takes this machine's usual names with its own port only, so this is another of them.</summary>
    public const string Host = "127.0.0.2";

    private readonly TcpListener _listener = new(IPAddress.Parse(Host), 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly IReadOnlyList<int> _ports;
    private readonly Task _accepting;
    private int _next;

    public Balancer(IEnumerable<Uri> servers)
    {
        _ports = [.. servers.Select(server => server.Port)];
        _listener.Start();
        Url = new($"http://{Host}:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Url { get; }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var caller = await _listener.AcceptSocketAsync(_ending.Token);
                _ = Task.Run(() => JoinAsync(caller), CancellationToken.None);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Nobody is served any more.
        }
    }

    private async Task JoinAsync(Socket caller)
    {
        using (caller)
        {
            using var server = await ReachAsync();
            if (server is null)
            {
                return;
            }

            caller.NoDelay = server.NoDelay = true;
            try
            {
                await await Task.WhenAny(PassAsync(caller, server), PassAsync(server, caller));
            }
            catch (Exception broken) when (broken is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The other end hears of it below.
            }
        }
    }

    private async Task<Socket?> ReachAsync()
    {
        var first = Interlocked.Increment(ref _next) & int.MaxValue;
        for (var offset = 0; offset < _ports.Count; offset++)
        {
            var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _ports[(first + offset) % _ports.Count], _ending.Token);
                return server;
            }
            catch (Exception away) when (away is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                server.Dispose();
            }
        }

        return null;
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[16384];
        while (await from.ReceiveAsync(buffer, _ending.Token) is var count && count > 0)
        {
            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _ending.Token);
            }
        }
    }
}
