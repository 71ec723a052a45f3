namespace Pipeline.McpServer.Http;

/// <summary>
/// A response body that shows signs of life: after a time without a byte it sends an event-stream comment, which clients skip and proxies see.
/// Comments go only between events: a writer's flush ends an event.
/// </summary>
internal sealed class EventStreamBody : Stream
{
    /// <summary>How long the first event may still choose the status; then the headers go out, so that the client sees its call was taken.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private static readonly byte[] Comment = ": alive\n\n"u8.ToArray();

    private readonly Stream _body;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ITimer _timer;
    private readonly TimeSpan _silence;
    private bool _begun;
    private bool _ended;
    private bool _insideEvent;

    public EventStreamBody(Stream body, TimeSpan silence, TimeProvider time)
    {
        (_body, _silence) = (body, silence);
        _timer = time.CreateTimer(static self => _ = ((EventStreamBody)self!).SignAsync(), this, Grace, silence);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _insideEvent = true;
            await _body.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _body.FlushAsync(cancellationToken).ConfigureAwait(false);
            (_begun, _insideEvent) = (true, false);
            _timer.Change(_silence, _silence);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Flush() => throw new NotSupportedException("An event stream is written asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("An event stream is written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Stops the signs; waits for one that is being written.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        _ended = true;
        _turn.Release();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async Task SignAsync()
    {
        if (!await _turn.WaitAsync(TimeSpan.Zero).ConfigureAwait(false))
        {
            return;
        }

        try
        {
            if (_ended || _insideEvent)
            {
                return;
            }

            if (_begun)
            {
                await _body.WriteAsync(Comment).ConfigureAwait(false);
            }

            _begun = true;
            await _body.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client left; the request's own cancellation ends the rest.
            _ended = true;
        }
        finally
        {
            _turn.Release();
        }
    }
}
