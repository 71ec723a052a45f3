using System.Net.Http.Headers;
using System.Security.Cryptography;
using Amazon.S3.Model;

namespace Pipeline.Storage.Objects;

/// <summary>Uploads and downloads of clients that go straight to the store and from it.</summary>
public sealed class S3Staging : IPresigns
{
    private const string Sent = "staging";
    private const string Arriving = "arriving";
    private static readonly TimeSpan CopyTime = TimeSpan.FromMinutes(15);

    private readonly S3Bucket _bucket;
    private readonly S3Naming _naming;
    private readonly S3Probe _probe;
    private readonly S3Signing _signing;

    internal S3Staging(S3Bucket bucket, S3Naming naming, S3Probe probe) => (_bucket, _naming, _probe, _signing) = (bucket, naming, probe, new(bucket));

    /// <summary>Of one PUT, and of one copy on the server.</summary>
    public long MostUploadBytes => 5L << 30;

    public async Task<bool> CanAsync(CancellationToken cancellation) => _bucket.Options.Presign && (await _probe.RunAsync(cancellation).ConfigureAwait(false)).Presigned;

    public PresignedUpload SignUpload(string name, long sizeBytes, string? sha256, TimeSpan valid)
    {
        var sum = sha256 is null ? null : Convert.ToBase64String(Convert.FromHexString(sha256));
        var url = _signing.Put(_bucket.Public, _bucket.Aside(Sent, name), sizeBytes, sum, valid);
        return new(url, sum is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [S3Signing.SumHeader] = sum });
    }

    public Uri SignDownload(string sha256, string fileName, string mediaType, TimeSpan valid)
    {
        var disposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = fileName };
        return _signing.Get(
            _bucket.Public, _bucket.KeyOf(sha256), new() { ContentType = mediaType, ContentDisposition = disposition.ToString(), CacheControl = "private, no-store" }, valid);
    }

    public async Task<long?> ArrivedAsync(string name, CancellationToken cancellation) =>
        (await _bucket.HeadAsync(_bucket.Aside(Sent, name), cancellation).ConfigureAwait(false))?.ContentLength;

    // The sender can still write over what it sent. So it is copied, on the server, to where nobody else writes; hashed there; and copied under
    // its name from there.
    public async Task<StoredObject> TakeAsync(string name, CancellationToken cancellation)
    {
        var ours = _bucket.Aside(Arriving, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        await CopyAsync(_bucket.Aside(Sent, name), ours, cancellation).ConfigureAwait(false);
        try
        {
            var content = await S3RangeStream.OpenKeyAsync(_bucket, ours, 0, null, cancellation).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
            {
                var found = new StoredObject(Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation).ConfigureAwait(false)), content.Length);
                await _naming.PlaceAsync(found, stop => CopyAsync(ours, _bucket.KeyOf(found.Sha256), stop), cancellation).ConfigureAwait(false);
                return found;
            }
        }
        finally
        {
            await _bucket.DeleteAsync(ours, CancellationToken.None).ConfigureAwait(false);
        }
    }

    public Task DropAsync(string name, CancellationToken cancellation) => _bucket.DeleteAsync(_bucket.Aside(Sent, name), cancellation);

    public async Task<long> ClearAsync(TimeSpan grace, CancellationToken cancellation)
    {
        var removed = 0L;
        foreach (var folder in new[] { Sent, Arriving, "sweeping", S3Probe.Folder })
        {
            await foreach (var one in _bucket.ListAsync(_bucket.Aside(folder, ""), cancellation).ConfigureAwait(false))
            {
                if (_bucket.Clock.AgeOf(one.LastModified) >= grace)
                {
                    await _bucket.DeleteAsync(one.Key, cancellation).ConfigureAwait(false);
                    removed++;
                }
            }
        }

        return removed + await ClearOpenPartsAsync(grace, cancellation).ConfigureAwait(false);
    }

    private async Task<long> ClearOpenPartsAsync(TimeSpan grace, CancellationToken cancellation)
    {
        var removed = 0L;
        var open = await _bucket.AskAsync(limit => _bucket.Client.ListMultipartUploadsAsync(
            new ListMultipartUploadsRequest { BucketName = _bucket.Name, Prefix = _bucket.ObjectsPrefix }, limit), cancellation).ConfigureAwait(false);
        foreach (var one in (open.MultipartUploads ?? []).Where(one => _bucket.Clock.AgeOf(one.Initiated) >= grace))
        {
            await _bucket.AskAsync(limit => _bucket.Client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = _bucket.Name, Key = one.Key, UploadId = one.UploadId }, limit), cancellation).ConfigureAwait(false);
            removed++;
        }

        return removed;
    }

    private Task CopyAsync(string from, string to, CancellationToken cancellation) => _bucket.AskAsync(limit => _bucket.Client.CopyObjectAsync(
        new CopyObjectRequest { SourceBucket = _bucket.Name, SourceKey = from, DestinationBucket = _bucket.Name, DestinationKey = to }, limit), CopyTime, cancellation);
}
