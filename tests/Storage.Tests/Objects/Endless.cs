namespace Pipeline.Storage.Tests.Objects;

/// <summary>As many bytes as asked for, made as they are read; may break at the end instead of ending.</summary>
internal sealed class Endless(long size, Exception? end = null) : Stream
{
    private long _left = size;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_left == 0 && end is not null)
        {
            throw end;
        }

        var read = (int)Math.Min(count, _left);
        buffer.AsSpan(offset, read).Fill((byte)(_left >> 16));
        _left -= read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
