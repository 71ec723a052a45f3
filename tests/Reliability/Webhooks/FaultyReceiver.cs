using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pipeline.Reliability.Webhooks;

/// <summary>A receiver of webhooks on a loopback port of its own: plain HTTP/1.1 over sockets, so that it can misbehave as real ones do. It keeps everything that it got.</summary>
public sealed class FaultyReceiver : IAsyncDisposable
{
    private static readonly Dictionary<ReceiverFault, string> Heads = new()
    {
        [ReceiverFault.None] = "204 No Content", [ReceiverFault.Error] = "500 Internal Server Error", [ReceiverFault.Gateway] = "502 Bad Gateway",
        [ReceiverFault.Busy] = "429 Too Many Requests\r\nRetry-After: 1", [ReceiverFault.Redirect] = "302 Found\r\nLocation: /redirected", [ReceiverFault.Gone] = "410 Gone",
    };

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<ReceiverFault> _choose;
    private readonly Task _accepting;

    /// <summary>Starts one.</summary>
    /// <param name="choose">What to do with the next request.</param>
    public FaultyReceiver(Func<ReceiverFault> choose)
    {
        _choose = choose;
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    /// <summary>host:port.</summary>
    public string Host => _listener.LocalEndpoint.ToString()!;

    public ConcurrentQueue<Received> All { get; } = [];

    /// <summary>Names of the events that it took with a 2xx.</summary>
    public ConcurrentDictionary<string, byte> Taken { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient peer)
    {
        using (peer)
        {
            try
            {
                var stream = peer.GetStream();
                while (await ReadAsync(stream) is { } request && await AnswerAsync(peer, stream, request))
                {
                    // the next on this connection
                }
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The sender was killed, or the test is over.
            }
        }
    }

    private async Task<Received?> ReadAsync(NetworkStream stream)
    {
        var (text, buffer) = (new List<byte>(), new byte[8192]);
        for (int head, length; ;)
        {
            var read = await stream.ReadAsync(buffer, _end.Token);
            if (read == 0)
            {
                return null;
            }

            text.AddRange(buffer.AsSpan(0, read));
            var bytes = text.ToArray();
            if ((head = bytes.AsSpan().IndexOf("\r\n\r\n"u8)) < 0)
            {
                continue;
            }

            var lines = Encoding.ASCII.GetString(bytes, 0, head).Split("\r\n");
            var headers = lines.Skip(1).Select(line => line.Split(':', 2)).ToDictionary(line => line[0].ToLowerInvariant(), line => line[1].Trim());
            length = headers.TryGetValue("content-length", out var told) ? int.Parse(told, CultureInfo.InvariantCulture) : 0;
            if (bytes.Length >= head + 4 + length)
            {
                string Header(string name) => headers.GetValueOrDefault(name, "");
                return new(lines[0], Header("webhook-id"), Header("webhook-timestamp"), Header("webhook-signature"), Encoding.UTF8.GetString(bytes, head + 4, length), _choose());
            }
        }
    }

    // True when the connection lives on.
    private async Task<bool> AnswerAsync(TcpClient peer, NetworkStream stream, Received request)
    {
        All.Enqueue(request);
        switch (request.Answered)
        {
            case ReceiverFault.Hang:
                await Task.Delay(Timeout.Infinite, _end.Token);
                return false;
            case ReceiverFault.Half:
                await stream.WriteAsync("HTTP/1.1 20"u8.ToArray(), _end.Token);
                await stream.FlushAsync(_end.Token);
                peer.LingerState = new LingerOption(true, 0);
                return false;
            case ReceiverFault.Reset:
                peer.LingerState = new LingerOption(true, 0);
                return false;
            default:
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {Heads[request.Answered]}\r\nContent-Length: 0\r\n\r\n"), _end.Token);
                if (request.Answered == ReceiverFault.None)
                {
                    Taken[request.Name] = 1;
                }

                return true;
        }
    }
}
