using ModelContextProtocol;

namespace Pipeline.Tools.Assets;

/// <summary>Counts what is read through it, tells the caller how far it is, and stops at a limit.</summary>
internal sealed class ProgressStream(Stream inner, long? totalBytes, long maxBytes, IProgress<ProgressNotificationValue> progress, long startBytes = 0) : Stream
{
    private const long ToldEveryBytes = 8 * 1024 * 1024;

    private long _told = startBytes;

    /// <summary>Bytes there so far, those from before included.</summary>
    public long ReadBytes { get; private set; } = startBytes;

    /// <summary>The first bytes, by which a type is known.</summary>
    public byte[] Head { get; private set; } = [];

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => ReadBytes; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (Head.Length < ContentSniff.HeadBytes)
        {
            Head = [.. Head, .. buffer.Span[..Math.Min(read, ContentSniff.HeadBytes - Head.Length)]];
        }

        ReadBytes += read;
        if (ReadBytes > maxBytes)
        {
            throw new TooLargeError(ReadBytes, maxBytes);
        }

        if (ReadBytes - _told >= ToldEveryBytes || (read == 0 && _told < ReadBytes))
        {
            _told = ReadBytes;
            progress.Report(new() { Progress = ReadBytes, Total = totalBytes });
        }

        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
