using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Objects;

/// <summary>Tries out what a store can do, with a few small objects that it removes again; once, then it remembers.</summary>
public sealed class S3Probe : IDisposable
{
    internal const string Folder = "probe";
    private const int Bytes = 64;
    private static readonly TimeSpan Valid = TimeSpan.FromMinutes(5);

    private readonly S3Bucket _bucket;
    private readonly S3Signing _signing;
    private readonly SemaphoreSlim _one = new(1);
    private S3Abilities? _found;

    internal S3Probe(S3Bucket bucket) => (_bucket, _signing) = (bucket, new S3Signing(bucket));

    /// <summary>Where the store is, without its keys.</summary>
    public string Store => _bucket.Options.ToString();

    /// <summary>What the store can do.</summary>
    /// <exception cref="InvalidDataException">It refuses us, or cannot do what nothing goes without.</exception>
    /// <exception cref="StorageFailedException">It cannot be reached.</exception>
    public async Task<S3Abilities> RunAsync(CancellationToken cancellation)
    {
        if (_found is { } known)
        {
            return known;
        }

        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return _found ??= await TryAsync(cancellation).ConfigureAwait(false);
        }
        catch (StorageFailedException refused) when (refused.InnerException is AmazonS3Exception { StatusCode: < HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests })
        {
            throw new InvalidDataException(refused.Message, refused);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<S3Abilities> TryAsync(CancellationToken cancellation)
    {
        var key = _bucket.Aside(Folder, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        var bytes = RandomNumberGenerator.GetBytes(Bytes);
        try
        {
            await PutAsync(key, bytes, null, cancellation).ConfigureAwait(false);
            Require(await ReadAsync(key, null, cancellation).ConfigureAwait(false), bytes, "give back what it was given");
            Require(await ReadAsync(key, new ByteRange(8, 15), cancellation).ConfigureAwait(false), bytes[8..16], "give a range of an object");
            var found = new S3Abilities(
                await TriesAsync(() => PutPartAsync(key, bytes, cancellation)).ConfigureAwait(false) && (await ReadAsync(key, null, cancellation).ConfigureAwait(false)).SequenceEqual(bytes),
                await TriesAsync(() => PresignedAsync(key, bytes, cancellation)).ConfigureAwait(false),
                !await TriesAsync(() => SendAsync(key, bytes.Length - 1, bytes, cancellation)).ConfigureAwait(false),
                !await TriesAsync(() => PutAsync(key, bytes, Convert.ToBase64String(SHA256.HashData([])), cancellation)).ConfigureAwait(false));
            _bucket.HasMultipart = found.Multipart;
            await _bucket.DeleteAsync(key, cancellation).ConfigureAwait(false);
            return await _bucket.HeadAsync(key, cancellation).ConfigureAwait(false) is null ? found : throw Lacking("remove an object");
        }
        catch
        {
            await TriesAsync(() => _bucket.DeleteAsync(key, CancellationToken.None)).ConfigureAwait(false);
            throw;
        }
    }

    private Task PutAsync(string key, byte[] bytes, string? sum, CancellationToken cancellation) => _bucket.AskAsync(limit => _bucket.Client.PutObjectAsync(
        new PutObjectRequest { BucketName = _bucket.Name, Key = key, InputStream = new MemoryStream(bytes), ChecksumSHA256 = sum, UseChunkEncoding = false }, limit), cancellation);

    private async Task PutPartAsync(string key, byte[] bytes, CancellationToken cancellation)
    {
        var begun = await _bucket.AskAsync(limit => _bucket.Client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = _bucket.Name, Key = key }, limit), cancellation).ConfigureAwait(false);
        var part = await _bucket.AskAsync(limit => _bucket.Client.UploadPartAsync(
            new UploadPartRequest { BucketName = _bucket.Name, Key = key, UploadId = begun.UploadId, PartNumber = 1, InputStream = new MemoryStream(bytes), UseChunkEncoding = false }, limit), cancellation).ConfigureAwait(false);
        await _bucket.AskAsync(limit => _bucket.Client.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest { BucketName = _bucket.Name, Key = key, UploadId = begun.UploadId, PartETags = [new(1, part.ETag)] }, limit), cancellation).ConfigureAwait(false);
    }

    private async Task PresignedAsync(string key, byte[] bytes, CancellationToken cancellation)
    {
        await SendAsync(key, bytes.Length, bytes, cancellation).ConfigureAwait(false);
        var url = _signing.Get(_bucket.Client, key, new ResponseHeaderOverrides { ContentType = "video/mp4", ContentDisposition = "attachment" }, Valid);
        using var answer = await _bucket.Plain.GetAsync(url, cancellation).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
        if (!(await answer.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false)).SequenceEqual(bytes) || answer.Content.Headers.ContentDisposition?.DispositionType != "attachment")
        {
            throw new IOException("The signed address gave other things than it was signed for.");
        }
    }

    private async Task SendAsync(string key, long signed, byte[] bytes, CancellationToken cancellation)
    {
        using var body = new ByteArrayContent(bytes);
        using var answer = await _bucket.Plain.PutAsync(_signing.Put(_bucket.Client, key, signed, null, Valid), body, cancellation).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<byte[]> ReadAsync(string key, ByteRange? range, CancellationToken cancellation)
    {
        using var answer = await _bucket.AskAsync(limit => _bucket.Client.GetObjectAsync(new GetObjectRequest { BucketName = _bucket.Name, Key = key, ByteRange = range }, limit), cancellation).ConfigureAwait(false);
        var bytes = new byte[Bytes];
        var read = await answer.ResponseStream.ReadAtLeastAsync(bytes, Bytes, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return bytes[..read];
    }

    private static async Task<bool> TriesAsync(Func<Task> attempt)
    {
        try
        {
            await attempt().ConfigureAwait(false);
            return true;
        }
        catch (Exception refused) when (refused is IOException or HttpRequestException or InvalidOperationException)
        {
            return false;
        }
    }

    private void Require(byte[] found, byte[] expected, string what)
    {
        if (!found.AsSpan().SequenceEqual(expected))
        {
            throw Lacking(what);
        }
    }

    private InvalidDataException Lacking(string what) => new($"The object store ({_bucket.Options}) does not {what}. Use another store.");
}
