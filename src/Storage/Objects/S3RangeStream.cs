using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Objects;

/// <summary>
/// A range of an object as the store sends it, passed straight through. A connection that breaks is taken up again where it broke: a name
/// stands for the same bytes for ever. Seeking asks anew at the next read.
/// </summary>
internal sealed class S3RangeStream : Stream
{
    // A line that breaks again and again must move a quarter of a MiB each time: it is told, not endured.
    private const int MostBreaks = 4;
    private const int BytesPerBreak = 18;
    private const int SkipBytes = 1 << 15;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly S3Bucket _bucket;
    private readonly string _key;
    private readonly long _offset;
    private readonly long _length;
    private GetObjectResponse? _answer;
    private long _answerAt;
    private long _position;
    private int _breaks;

    private S3RangeStream(S3Bucket bucket, string key, long offset, long length, GetObjectResponse? answer) =>
        (_bucket, _key, _offset, _length, _answer) = (bucket, key, offset, length, answer);

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => _length;
    public override long Position { get => _position; set => Seek(value, SeekOrigin.Begin); }

    /// <summary>Asks for the range in one request; past the end there is nothing to read.</summary>
    /// <exception cref="FileNotFoundException">No such object.</exception>
    public static Task<S3RangeStream> OpenAsync(S3Bucket bucket, string sha256, long offset, long? length, CancellationToken cancellation) =>
        OpenKeyAsync(bucket, bucket.KeyOf(sha256), offset, length, cancellation);

    /// <summary>The same for any key that is never written twice.</summary>
    public static async Task<S3RangeStream> OpenKeyAsync(S3Bucket bucket, string key, long offset, long? length, CancellationToken cancellation)
    {
        if (length != 0 && offset < long.MaxValue)
        {
            var last = length is { } count && count - 1 < long.MaxValue - offset ? offset + count - 1 : (long?)null;
            if (await AskAsync(bucket, key, offset, last, cancellation).ConfigureAwait(false) is { } answer)
            {
                return new(bucket, key, offset, answer.ContentLength, answer);
            }
        }

        return await bucket.HeadAsync(key, cancellation).ConfigureAwait(false) is not null
            ? new(bucket, key, offset, 0, null) : throw new FileNotFoundException("No such object.", key);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, Math.Max(0, _length - _position));
        if (wanted == 0)
        {
            return 0;
        }

        while (true)
        {
            try
            {
                var body = await BodyAsync(cancellationToken).ConfigureAwait(false);
                using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                late.CancelAfter(_bucket.Options.Patience);
                var read = await body.ReadAsync(buffer[..wanted], late.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new EndOfStreamException("The body ended early.");
                }

                _position += read;
                _answerAt += read;
                return read;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && (S3Bucket.IsOutage(failure) || failure is OperationCanceledException))
            {
                Drop();
                if (++_breaks > MostBreaks + (_position >> BytesPerBreak))
                {
                    throw _bucket.Unreachable(failure);
                }

                await Task.Delay(Rest * Math.Min(_breaks, MostBreaks), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // A read may have to ask the store, and no thread waits for that.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

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
            Drop();
        }

        base.Dispose(disposing);
    }

    /// <summary>Null when the range begins at or past the end.</summary>
    private static async Task<GetObjectResponse?> AskAsync(S3Bucket bucket, string key, long first, long? last, CancellationToken cancellation)
    {
        var request = new GetObjectRequest { BucketName = bucket.Name, Key = key };
        if (first > 0 || last is not null)
        {
            request.ByteRange = last is { } end ? new ByteRange(first, end) : new ByteRange($"bytes={first}-");
        }

        GetObjectResponse answer;
        try
        {
            answer = await bucket.AskAsync(limit => bucket.Client.GetObjectAsync(request, limit), cancellation).ConfigureAwait(false);
        }
        catch (StorageFailedException failure) when (failure.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable })
        {
            return null;
        }

        if (request.ByteRange is not null && !IsAsked(answer, first, last))
        {
            answer.Dispose();
            throw new StorageFailedException($"The object store ({bucket.Options}) answered another range than was asked for.", null, full: false) { IsObjectStore = true };
        }

        return answer;
    }

    private static bool IsAsked(GetObjectResponse answer, long first, long? last) =>
        answer.ContentRange is { } range && range.StartsWith($"bytes {first}-", StringComparison.Ordinal) && (last is not { } end || answer.ContentLength <= end - first + 1);

    private async ValueTask<Stream> BodyAsync(CancellationToken cancellation)
    {
        if (_answer is not null && _position > _answerAt && _position - _answerAt <= SkipBytes)
        {
            var skipped = new byte[_position - _answerAt];
            await _answer.ResponseStream.ReadExactlyAsync(skipped, cancellation).ConfigureAwait(false);
            _answerAt = _position;
        }

        if (_answer is null || _answerAt != _position)
        {
            Drop();
            _answer = await AskAsync(_bucket, _key, _offset + _position, _offset + _length - 1, cancellation).ConfigureAwait(false)
                ?? throw new StorageFailedException($"The object store ({_bucket.Options}) has fewer bytes of an object than it had.", null, full: false) { IsObjectStore = true };
            _answerAt = _position;
        }

        return _answer.ResponseStream;
    }

    private void Drop()
    {
        _answer?.Dispose();
        _answer = null;
    }
}
