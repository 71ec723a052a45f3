using System.Net;
using System.Net.Sockets;

namespace Pipeline.Faults.Services;

/// <summary>When the wire is cut, once, as a statement passes.</summary>
public enum Cut
{
    /// <summary>Never.</summary>
    None,

    /// <summary>Before the server hears of it.</summary>
    Before,

    /// <summary>When the server has answered and the client has not heard.</summary>
    After,
}

/// <summary>A wire to a server that can be cut at a statement, and taken away.</summary>
public sealed class CutProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _server;
    private readonly List<TcpClient> _open = [];
    private readonly Lock _gate = new();
    private byte[] _statement = [];
    private Cut _cut;
    private volatile bool _away;

    public CutProxy(string host, int port)
    {
        _server = new(IPAddress.Parse(host), port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Arms the cut for the next time that <paramref name="statement"/> is sent as text.</summary>
    public void Arm(Cut cut, string statement, bool thenAway = false)
    {
        lock (_gate)
        {
            (_cut, _statement, ThenAway) = (cut, System.Text.Encoding.UTF8.GetBytes(statement), thenAway);
        }
    }

    /// <summary>Cuts every wire, and refuses new ones until <see cref="ComeBack"/>.</summary>
    public void GoAway()
    {
        _away = true;
        lock (_gate)
        {
            _open.ForEach(client => client.Dispose());
            _open.Clear();
        }
    }

    /// <summary>Takes connections again.</summary>
    public void ComeBack() => _away = false;

    public void Dispose()
    {
        _listener.Dispose();
        GoAway();
    }

    private bool ThenAway { get; set; }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                if (_away)
                {
                    client.Dispose();
                    continue;
                }

                var server = new TcpClient();
                await server.ConnectAsync(_server);
                lock (_gate)
                {
                    _open.AddRange([client, server]);
                }

                var wire = new Wire(this, client, server);
                _ = wire.UpAsync();
                _ = wire.DownAsync();
            }
        }
        catch (Exception ended) when (ended is ObjectDisposedException or SocketException)
        {
            // Nobody listens any more.
        }
    }

    private Cut Take(ReadOnlySpan<byte> sent)
    {
        lock (_gate)
        {
            if (_cut == Cut.None || sent.IndexOf(_statement) < 0)
            {
                return Cut.None;
            }

            (var cut, _cut) = (_cut, Cut.None);
            _away |= ThenAway;
            return cut;
        }
    }

    private sealed class Wire(CutProxy proxy, TcpClient client, TcpClient server)
    {
        private volatile bool _cutAtAnswer;

        public Task UpAsync() => PumpAsync(client, server, sent =>
        {
            var cut = proxy.Take(sent);
            _cutAtAnswer |= cut == Cut.After;
            return cut != Cut.Before;
        });

        public Task DownAsync() => PumpAsync(server, client, _ => !_cutAtAnswer);

        private static async Task PumpAsync(TcpClient from, TcpClient to, Func<byte[], bool> passes)
        {
            var buffer = new byte[64 << 10];
            try
            {
                while (await from.GetStream().ReadAsync(buffer) is > 0 and var read && passes(buffer[..read]))
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
                }
            }
            catch (Exception ended) when (ended is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // One side has gone; so does the other.
            }

            from.Dispose();
            to.Dispose();
        }
    }
}
