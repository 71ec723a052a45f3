using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Pipeline.Reliability.Serving;

/// <summary>
/// One address before several servers: each connection goes to the next of them that takes it, and lives and dies with its other end. A server that
/// says nothing any more is given up after seconds, and asked last for a while.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    /// <summary>The name that callers use. A server takes this machine's usual names with its own port only, so this is another of them.</summary>
    public const string Host = "127.0.0.2";

    private const int SilenceSeconds = 3;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(1);

    private readonly TcpListener _listener = new(IPAddress.Parse(Host), 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly IReadOnlyList<IPEndPoint> _servers;
    private readonly ConcurrentDictionary<IPEndPoint, int> _joined = [];
    private readonly ConcurrentDictionary<IPEndPoint, long> _silentUntilMs = [];
    private readonly Task _accepting;
    private int _next;

    public Balancer(IEnumerable<Uri> servers)
    {
        _servers = [.. servers.Select(EndOf)];
        _listener.Start();
        Url = new($"http://{Host}:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>How many connections are joined to a server.</summary>
    public int Joined(Uri server) => _joined.GetValueOrDefault(EndOf(server));

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
            var end = (IPEndPoint)server.RemoteEndPoint!;
            _joined.AddOrUpdate(end, 1, static (_, count) => count + 1);
            try
            {
                await await Task.WhenAny(PassAsync(caller, server), PassAsync(server, caller));
            }
            catch (Exception broken) when (broken is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The other end hears of it below.
            }
            finally
            {
                _joined.AddOrUpdate(end, 0, static (_, count) => count - 1);
            }
        }
    }

    private async Task<Socket?> ReachAsync()
    {
        var first = Interlocked.Increment(ref _next) & int.MaxValue;
        var nowMs = Environment.TickCount64;
        foreach (var end in Enumerable.Range(0, _servers.Count).Select(offset => _servers[(first + offset) % _servers.Count]).OrderBy(end => _silentUntilMs.GetValueOrDefault(end) > nowMs))
        {
            var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
            limit.CancelAfter(ConnectLimit);
            try
            {
                await server.ConnectAsync(end, limit.Token);
                GiveUpOnSilence(server);
                return server;
            }
            catch (Exception away) when (away is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                server.Dispose();
                if (away is OperationCanceledException)
                {
                    _silentUntilMs[end] = Environment.TickCount64 + (long)ConnectLimit.TotalMilliseconds;
                }
            }
        }

        return null;
    }

    // Both for one who was sent something and does not say that it came, and for one who was asked nothing.
    private static void GiveUpOnSilence(Socket server)
    {
        const int Tcp = 6;
        const int UserTimeout = 18;
        server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        server.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 1);
        server.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        server.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, SilenceSeconds - 1);
        if (OperatingSystem.IsLinux())
        {
            server.SetRawSocketOption(Tcp, UserTimeout, BitConverter.GetBytes(SilenceSeconds * 1000));
        }
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

    private static IPEndPoint EndOf(Uri server) => new(IPAddress.Parse(server.Host), server.Port);
}
