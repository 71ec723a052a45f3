namespace Pipeline.Storage.Objects;

/// <summary>A read-only window on a seekable stream, which it owns.</summary>
internal sealed class RangeStream(Stream inner, long offset, long length) : Stream
{
    private readonly long _length = Math.Max(0, Math.Min(length, inner.Length - offset));
    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => _length;
    public override long Position { get => _position; set => Seek(value, SeekOrigin.Begin); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        Align();
        var read = inner.Read(buffer[..(int)Math.Min(buffer.Length, Math.Max(0, _length - _position))]);
        _position += read;
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Align();
        var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, Math.Max(0, _length - _position))], cancellationToken).ConfigureAwait(false);
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => _length + offset,
        };
        return _position = target >= 0 ? target : throw new IOException("A position before the start of the range.");
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private void Align()
    {
        if (inner.Position != offset + _position)
        {
            inner.Position = offset + _position;
        }
    }
}
