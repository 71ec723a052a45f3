using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pipeline.Tools.Tests.Egress;

/// <summary>Listens on every address of this machine, IPv4 and IPv6, notes what came, and hangs up.</summary>
internal sealed class Canary : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
    private int _count;

    public Canary()
    {
        _listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        _listener.Listen(512);
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Connections that came.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool WasReached => Count > 0;

    /// <summary>First lines of the requests that came.</summary>
    public ConcurrentBag<string> Lines { get; } = [];

    /// <summary>Connects once by itself, so that whatever had come before is counted when this returns; returns how many others there were.</summary>
    public async Task<int> OthersAsync()
    {
        using var own = new TcpClient();
        await own.ConnectAsync(IPAddress.Loopback, Port);
        var buffer = new byte[1];
        await own.Client.SendAsync("own\r\n"u8.ToArray());
        await own.Client.ReceiveAsync(buffer);
        return Count - 1;
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            var peer = await _listener.AcceptAsync();
            Interlocked.Increment(ref _count);
            _ = NoteAsync(peer);
        }
    }

    private async Task NoteAsync(Socket peer)
    {
        using (peer)
        {
            var buffer = new byte[1024];
            var read = await peer.ReceiveAsync(buffer);
            Lines.Add(Encoding.ASCII.GetString(buffer, 0, read).Split('\r')[0]);
        }
    }
}
