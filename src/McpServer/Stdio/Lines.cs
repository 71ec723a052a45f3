using System.Buffers;
using System.IO.Pipelines;

namespace Pipeline.McpServer.Stdio;

/// <summary>Whole lines of a stream, one at a time. A last piece without a newline is not a line: whoever wrote it died in mid-word.</summary>
internal sealed class Lines(Stream stream) : IAsyncDisposable
{
    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
    private SequencePosition? _taken;

    /// <summary>The next line with its newline, valid until the next call; null at the end.</summary>
    public async ValueTask<ReadOnlySequence<byte>?> NextAsync(CancellationToken cancellation)
    {
        if (_taken is { } taken)
        {
            _taken = null;
            _reader.AdvanceTo(taken);
        }

        while (true)
        {
            var read = await _reader.ReadAsync(cancellation).ConfigureAwait(false);
            if (read.Buffer.PositionOf((byte)'\n') is { } newline)
            {
                var end = read.Buffer.GetPosition(1, newline);
                _taken = end;
                return read.Buffer.Slice(0, end);
            }

            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    public ValueTask DisposeAsync() => _reader.CompleteAsync();
}
