using System.Collections.Concurrent;
using Amazon.S3.Model;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Objects;

/// <summary>Brings a local file into the bucket: in one request, or in parts that are read from the file as they go.</summary>
internal sealed class S3Upload(S3Bucket bucket)
{
    private const int MostParts = 10_000;
    private const int PartsAtOnce = 3;
    private static readonly TimeSpan CleanUp = TimeSpan.FromSeconds(30);

    // A slow line must not fail a part that moves: a quarter of a MiB a second is slow.
    private const long LeastBytesPerSecond = 1 << 18;

    /// <summary>Uploads the whole file. What a failure or a cancellation interrupts leaves nothing behind.</summary>
    public Task RunAsync(string file, StoredObject content, CancellationToken cancellation) =>
        content.SizeBytes <= bucket.Options.PartBytes || !bucket.HasMultipart ? PutAsync(file, content, cancellation) : PutPartsAsync(file, content, cancellation);

    private async Task PutAsync(string file, StoredObject content, CancellationToken cancellation)
    {
        // Its hash is known before the first byte goes, so a store that looks at it refuses bytes that changed on the way.
        await bucket.AskAsync(limit => bucket.Client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = bucket.Name,
            Key = bucket.KeyOf(content.Sha256),
            FilePath = file,
            ContentType = "application/octet-stream",
            ChecksumSHA256 = Convert.ToBase64String(Convert.FromHexString(content.Sha256)),
            UseChunkEncoding = false,
        }, limit), TimeFor(content.SizeBytes), cancellation).ConfigureAwait(false);
    }

    private async Task PutPartsAsync(string file, StoredObject content, CancellationToken cancellation)
    {
        var key = bucket.KeyOf(content.Sha256);
        var begun = await bucket.AskAsync(limit => bucket.Client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = bucket.Name, Key = key, ContentType = "application/octet-stream" }, limit), cancellation).ConfigureAwait(false);
        try
        {
            var partBytes = Math.Max(bucket.Options.PartBytes, (content.SizeBytes + MostParts - 1) / MostParts);
            var parts = new ConcurrentBag<PartETag>();
            var offsets = Enumerable.Range(0, (int)((content.SizeBytes + partBytes - 1) / partBytes));
            await Parallel.ForEachAsync(offsets, new ParallelOptions { MaxDegreeOfParallelism = PartsAtOnce, CancellationToken = cancellation }, async (n, stop) =>
                parts.Add(await PutPartAsync(file, key, begun.UploadId, n, partBytes, content.SizeBytes, stop).ConfigureAwait(false))).ConfigureAwait(false);
            await bucket.AskAsync(limit => bucket.Client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
            {
                BucketName = bucket.Name,
                Key = key,
                UploadId = begun.UploadId,
                PartETags = [.. parts.OrderBy(part => part.PartNumber)],
            }, limit), cancellation).ConfigureAwait(false);
        }
        catch
        {
            await AbortAsync(key, begun.UploadId).ConfigureAwait(false);
            throw;
        }
    }

    // The request is signed with the hash of its body, so that a part that changed on the way is refused.
    private async Task<PartETag> PutPartAsync(string file, string key, string upload, int index, long partBytes, long sizeBytes, CancellationToken cancellation)
    {
        var offset = index * partBytes;
        var size = Math.Min(partBytes, sizeBytes - offset);
        var done = await bucket.AskAsync(limit => bucket.Client.UploadPartAsync(new UploadPartRequest
        {
            BucketName = bucket.Name,
            Key = key,
            UploadId = upload,
            PartNumber = index + 1,
            FilePath = file,
            FilePosition = offset,
            PartSize = size,
            UseChunkEncoding = false,
        }, limit), TimeFor(size), cancellation).ConfigureAwait(false);
        return new PartETag(index + 1, done.ETag ?? throw new StorageFailedException($"The object store ({bucket.Options}) did not name the part that it was sent.", null, full: false) { IsObjectStore = true });
    }

    // If this fails too, the sweep finds the open upload a day later.
    private async Task AbortAsync(string key, string upload)
    {
        try
        {
            await bucket.AskAsync(limit => bucket.Client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = bucket.Name, Key = key, UploadId = upload }, limit), CleanUp, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // What failed first is what the caller must hear.
        }
    }

    private TimeSpan TimeFor(long bytes) => (bucket.Options.Patience + TimeSpan.FromSeconds(bytes / LeastBytesPerSecond)) * (bucket.Options.Retries + 1);
}
