using System.Diagnostics;
using System.Net.Sockets;

namespace Pipeline.McpServer.Stdio;

/// <summary>
/// Finds the owner of a data folder, starting one when there is none. Two relays may do so at once: the folder's lock decides, the owner that
/// lost ends by itself, and both relays find the other.
/// </summary>
/// <param name="dataFolder">Absolute path of the folder.</param>
/// <param name="hello">What to greet with.</param>
/// <param name="start">Starts an owner in the background.</param>
/// <param name="time">The clock.</param>
internal sealed class OwnerConnector(string dataFolder, Hello hello, Func<Process> start, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan BetweenStarts = TimeSpan.FromMilliseconds(250);

    private Process? _started;
    private long _startedAt;
    private int _failures;

    /// <summary>Connects and greets.</summary>
    /// <exception cref="OwnerUnavailableException">No owner took the greeting.</exception>
    public async Task<OwnerLink> ConnectAsync(CancellationToken cancellation)
    {
        var since = time.GetTimestamp();
        _failures = 0;
        while (time.GetElapsedTime(since) < Patience)
        {
            if (await TryConnectAsync(cancellation).ConfigureAwait(false) is { } link)
            {
                return link;
            }

            StartIfNone();
            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }

        throw new OwnerUnavailableException($"No owner of {dataFolder} answered in {Patience.TotalSeconds} seconds; see {OwnerStart.LogFile(dataFolder)}.");
    }

    public void Dispose() => _started?.Dispose();

    private async Task<OwnerLink?> TryConnectAsync(CancellationToken cancellation)
    {
        var path = SocketPath.For(dataFolder);
        if (!File.Exists(path))
        {
            return null;
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
            if (!Peer.IsSameUser(socket))
            {
                throw new OwnerUnavailableException($"Another user listens at {path}.");
            }

            await Greeting.SendAsync(socket, hello, GreetingJson.Default.Hello, cancellation).ConfigureAwait(false);
            var answer = await Greeting.ReceiveAsync(socket, GreetingJson.Default.HelloAnswer, cancellation).ConfigureAwait(false);
            if (answer is { Ok: true })
            {
                var link = new OwnerLink(socket);
                socket = null;
                return link;
            }

            return answer is null or { Code: "draining" } ? null : throw new OwnerUnavailableException($"{answer.Code}: {answer.Message}");
        }
        catch (SocketException)
        {
            return null; // Nobody listens there any more.
        }
        finally
        {
            socket?.Dispose();
        }
    }

    private void StartIfNone()
    {
        if (_started is { HasExited: false } || (_startedAt != 0 && time.GetElapsedTime(_startedAt) < BetweenStarts))
        {
            return;
        }

        if (_started is { HasExited: true, ExitCode: not OwnerExit.Owned and not 0 } && ++_failures >= 3)
        {
            throw new OwnerUnavailableException($"The owner of {dataFolder} ends as soon as it starts; see {OwnerStart.LogFile(dataFolder)}.");
        }

        _started?.Dispose();
        _started = start();
        _startedAt = time.GetTimestamp();
    }
}
