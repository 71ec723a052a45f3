using Pipeline.Storage.Objects;

namespace Pipeline.Tools.Assets;

/// <summary>
/// A whole object to whoever sends it, of which only the window is opened that a request asked for; a read elsewhere opens another. A store
/// across the network then sees one request, for these bytes alone.
/// </summary>
internal sealed class ObjectWindow : Stream
{
    private readonly IObjectStore _objects;
    private readonly string _sha256;
    private readonly long _size;
    private Stream _window;
    private long _at;
    private long _position;

    private ObjectWindow(IObjectStore objects, string sha256, long size, Stream window, long at) => (_objects, _sha256, _size, _window, _at) = (objects, sha256, size, window, at);

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => _size;
    public override long Position { get => _position; set => _position = value; }

    /// <summary>Opens the window.</summary>
    public static async Task<ObjectWindow> OpenAsync(IObjectStore objects, string sha256, long size, long from, long length, CancellationToken cancellation) =>
        new(objects, sha256, size, await objects.OpenAsync(sha256, from, length, cancellation).ConfigureAwait(false), from);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= _size)
        {
            return 0;
        }

        if (_position < _at || _position >= _at + _window.Length)
        {
            await _window.DisposeAsync().ConfigureAwait(false);
            (_window, _at) = (await _objects.OpenAsync(_sha256, _position, null, cancellationToken).ConfigureAwait(false), _position);
        }

        if (_window.Position != _position - _at)
        {
            _window.Position = _position - _at;
        }

        var read = await _window.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => _position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => _size + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _window.Dispose();
        }

        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await _window.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
