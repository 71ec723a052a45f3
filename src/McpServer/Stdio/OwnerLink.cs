using System.Buffers;
using System.Net.Sockets;

namespace Pipeline.McpServer.Stdio;

/// <summary>A relay's connection to the owner after the greeting.</summary>
internal sealed class OwnerLink : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly Lines _lines;
    private readonly SemaphoreSlim _turn = new(1, 1);

    public OwnerLink(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _lines = new Lines(_stream);
    }

    /// <summary>The bytes themselves, for a client in this process, which then reads and writes all of them.</summary>
    public Stream Stream => _stream;

    /// <summary>The owner's next line; null when it is gone.</summary>
    public async ValueTask<ReadOnlySequence<byte>?> NextAsync(CancellationToken cancellation)
    {
        try
        {
            return await _lines.NextAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Sends one whole line; false when it cannot have arrived whole because the owner is gone.</summary>
    public async Task<bool> TrySendAsync(ReadOnlySequence<byte> line, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            foreach (var piece in line)
            {
                await _stream.WriteAsync(piece, cancellation).ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _lines.DisposeAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
    }
}
