using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>One opened range of a <see cref="RangedSource"/>, read once from front to back.</summary>
public sealed class CountedRange(Stream stream, long length, RangedSource source) : IAsyncDisposable
{
    private long _left = length;

    /// <summary>Fills the buffer.</summary>
    /// <exception cref="MediaDamagedError">The range or the bytes end before.</exception>
    public async Task FillAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (buffer.Length > _left)
        {
            throw new MediaDamagedError("it ends too early");
        }

        while (!buffer.IsEmpty)
        {
            var read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                throw new MediaDamagedError("it ends too early");
            }

            source.Count(read);
            _left -= read;
            buffer = buffer[read..];
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
