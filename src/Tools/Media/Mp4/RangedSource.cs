using Pipeline.Storage.Objects;
using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>Bytes that are read by range, with every byte and every read counted as it happens.</summary>
public sealed class RangedSource
{
    private readonly Func<long, long, CancellationToken, Task<Stream>> _open;
    private long _bytes;
    private int _reads;

    private RangedSource(long length, Func<long, long, CancellationToken, Task<Stream>> open) => (Length, _open) = (length, open);

    /// <summary>Size of the whole, in bytes.</summary>
    public long Length { get; }

    /// <summary>Bytes received so far.</summary>
    public long BytesRead => Interlocked.Read(ref _bytes);

    /// <summary>Ranges opened so far: on an object store, requests.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>An object in a store.</summary>
    public static RangedSource Of(IObjectStore objects, string sha256, long size_bytes) =>
        new(size_bytes, (offset, length, cancellation) => objects.OpenAsync(sha256, offset, length, cancellation));

    /// <summary>A local file.</summary>
    public static RangedSource Of(string file) =>
        new(new FileInfo(file).Length, (offset, _, _) =>
        {
            var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
            stream.Position = offset;
            return Task.FromResult<Stream>(stream);
        });

    /// <summary>Reads a whole range into memory.</summary>
    /// <exception cref="MediaDamagedError">The bytes end before the range does.</exception>
    public async Task<byte[]> ReadAsync(long offset, int length, CancellationToken cancellation)
    {
        var content = new byte[length];
        await using var range = await OpenAsync(offset, length, cancellation).ConfigureAwait(false);
        await range.FillAsync(content, cancellation).ConfigureAwait(false);
        return content;
    }

    /// <summary>Opens one range; what is read from it is counted.</summary>
    public async Task<CountedRange> OpenAsync(long offset, long length, CancellationToken cancellation)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
        {
            throw new MediaDamagedError($"it refers to bytes {offset} to {offset + length} but has {Length}");
        }

        Interlocked.Increment(ref _reads);
        return new CountedRange(await _open(offset, length, cancellation).ConfigureAwait(false), length, this);
    }

    internal void Count(int bytes) => Interlocked.Add(ref _bytes, bytes);
}
