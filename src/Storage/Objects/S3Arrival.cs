using System.Text;
using Amazon.S3.Model;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Objects;

/// <summary>The mark in a bucket that says which house was moved there: two houses in one place would sweep each other's objects.</summary>
public sealed class S3Arrival : IDisposable
{
    private readonly S3Bucket _bucket;

    public S3Arrival(S3Options options) => _bucket = new(options, TimeProvider.System);

    private string Key => _bucket.Aside("house", "moved-here");

    /// <summary>Takes the place for a house.</summary>
    /// <exception cref="StorageFailedException">It holds something else.</exception>
    public async Task ClaimAsync(string house, CancellationToken cancellation)
    {
        var found = await FindAsync(cancellation).ConfigureAwait(false);
        if (found is null && await HoldsObjectsAsync(cancellation).ConfigureAwait(false))
        {
            throw Taken("holds objects of another house already");
        }

        if (found is not null && found != house)
        {
            throw Taken("is where another house was moved to");
        }

        using var content = new MemoryStream(Encoding.UTF8.GetBytes(house));
        await _bucket.AskAsync(limit => _bucket.Client.PutObjectAsync(
            new PutObjectRequest { BucketName = _bucket.Name, Key = Key, InputStream = content, UseChunkEncoding = false }, limit), cancellation).ConfigureAwait(false);
    }

    public void Dispose() => _bucket.Dispose();

    private async Task<string?> FindAsync(CancellationToken cancellation)
    {
        try
        {
            using var found = await _bucket.AskAsync(limit => _bucket.Client.GetObjectAsync(new GetObjectRequest { BucketName = _bucket.Name, Key = Key }, limit), cancellation).ConfigureAwait(false);
            using var text = new StreamReader(found.ResponseStream, Encoding.UTF8);
            return await text.ReadToEndAsync(cancellation).ConfigureAwait(false);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private async Task<bool> HoldsObjectsAsync(CancellationToken cancellation)
    {
        await foreach (var _ in _bucket.ListAsync(_bucket.ObjectsPrefix, cancellation).ConfigureAwait(false))
        {
            return true;
        }

        return false;
    }

    private StorageFailedException Taken(string why) => new(
        $"The {_bucket.Options} {why}. Name an empty bucket with PIPELINE_S3_BUCKET, or a place of its own in this one with PIPELINE_S3_PREFIX.", null, full: false)
    { IsObjectStore = true };
}
