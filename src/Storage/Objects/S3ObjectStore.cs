using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Pipeline.Storage.Objects;

/// <summary>
/// Objects in a bucket of any S3-compatible store, under <c>objects/ab/cdef…</c>. The name is the hash, and that is known only at a stream's
/// end: so a put writes the stream to this machine's work folder, hashes it on the way, and uploads the file under its final name. That costs
/// one local write; a temporary key and a copy on the server would cost a second write there, requests, and a 5 GiB limit, and with the hash
/// known first the store itself can refuse bytes that change on the way. A put always sends its bytes, even when the object is there: that
/// makes it young, and mends it. Nothing here needs conditional writes, ETags, or one clock for all nodes.
/// </summary>
public sealed class S3ObjectStore : IObjectStore, IObjectKeep, IDisposable
{
    private readonly S3Bucket _bucket;
    private readonly S3Upload _upload;
    private readonly S3Naming _naming;
    private readonly LocalCache _cache;
    private readonly string _work;
    private readonly string[] _ours;

    /// <param name="options">Which bucket.</param>
    /// <param name="root">The data folder, for unfinished work and the cache.</param>
    /// <param name="time">The clock; the system's if left out.</param>
    public S3ObjectStore(S3Options options, string root, TimeProvider? time = null)
    {
        root = Path.GetFullPath(root);
        _work = Path.Combine(root, "work");
        _ours = [_work, Path.Combine(root, "uploads"), Path.Combine(root, "imports")];
        Directory.CreateDirectory(_work);
        _bucket = new S3Bucket(options, time ?? TimeProvider.System);
        _upload = new S3Upload(_bucket);
        _naming = new S3Naming(_bucket, new RecentPuts(time ?? TimeProvider.System));
        _cache = new LocalCache(Path.Combine(DataFolder.CacheOf(root), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))), options.CacheBytes);
        Probe = new S3Probe(_bucket);
        Staging = new S3Staging(_bucket, _naming, Probe);
    }

    /// <summary>Finds out what the store can do.</summary>
    public S3Probe Probe { get; }

    /// <summary>Uploads and downloads that go straight to the store and from it.</summary>
    public S3Staging Staging { get; }

    public async Task<StoredObject> PutAsync(Stream content, CancellationToken cancellation)
    {
        var file = NewFile("put");
        var stored = await Spool.WriteAsync(content, file, cancellation).ConfigureAwait(false);
        return await PlaceAsync(file, stored, cancellation).ConfigureAwait(false);
    }

    public async Task<StoredObject> AdoptAsync(string file, CancellationToken cancellation)
    {
        // Only what lies in our own folders is surely a file that nobody else writes to.
        var path = Path.GetFullPath(file);
        var isOurs = Array.Exists(_ours, folder => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) && new FileInfo(path).LinkTarget is null;
        StoredObject stored;
        await using (var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.Asynchronous | FileOptions.SequentialScan))
        {
            stored = isOurs
                ? new(Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation).ConfigureAwait(false)), content.Length)
                : await PutAsync(content, cancellation).ConfigureAwait(false);
        }

        if (isOurs)
        {
            await UploadAsync(path, stored, cancellation).ConfigureAwait(false);
            _cache.Offer(stored, path);
        }
        else
        {
            File.Delete(path);
        }

        return stored;
    }

    public async Task<Stream> OpenAsync(string sha256, long offset, long? length, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0);
        return _cache.TryOpen(sha256) is { } file ? new RangeStream(file, offset, length ?? long.MaxValue)
            : await S3RangeStream.OpenAsync(_bucket, sha256, offset, length, cancellation).ConfigureAwait(false);
    }

    public async Task<long?> HeadAsync(string sha256, CancellationToken cancellation) =>
        (await _bucket.HeadAsync(_bucket.KeyOf(sha256), cancellation).ConfigureAwait(false))?.ContentLength;

    public Task<LocalObject> LocalAsync(string sha256, CancellationToken cancellation)
    {
        _ = _bucket.KeyOf(sha256);
        return _cache.HoldAsync(sha256, FetchAsync, cancellation);

        async Task<long> FetchAsync(string file, CancellationToken stop)
        {
            var content = await S3RangeStream.OpenAsync(_bucket, sha256, 0, null, stop).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
            {
                var found = await Spool.WriteAsync(content, file, stop).ConfigureAwait(false);
                return found.Sha256 == sha256 ? found.SizeBytes : throw new ObjectDamagedException(sha256);
            }
        }
    }

    public async Task DeleteAsync(string sha256, CancellationToken cancellation)
    {
        await _bucket.DeleteAsync(_bucket.KeyOf(sha256), cancellation).ConfigureAwait(false);
        _cache.Forget(sha256);
    }

    public async IAsyncEnumerable<ObjectEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var prefix = _bucket.ObjectsPrefix;
        await foreach (var one in _bucket.ListAsync(prefix, cancellation).ConfigureAwait(false))
        {
            var name = one.Key[prefix.Length..].Replace("/", "", StringComparison.Ordinal);
            if (name.Length == 64 && name.All(char.IsAsciiHexDigitLower))
            {
                yield return new ObjectEntry(name, one.Size ?? 0, _bucket.Clock.AgeOf(one.LastModified));
            }
        }
    }

    public async Task<ObjectState> CheckAsync(string sha256, CancellationToken cancellation)
    {
        try
        {
            var content = await S3RangeStream.OpenAsync(_bucket, sha256, 0, null, cancellation).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
            {
                var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation).ConfigureAwait(false));
                return new(content.Length, found == sha256);
            }
        }
        catch (FileNotFoundException)
        {
            return new(null, false);
        }
    }

    public async Task<bool> SweepAsync(string sha256, TimeSpan grace, CancellationToken cancellation)
    {
        var gone = await _naming.SweepAsync(sha256, grace, cancellation).ConfigureAwait(false);
        if (gone)
        {
            _cache.Forget(sha256);
        }

        return gone;
    }

    public void Dispose()
    {
        Probe.Dispose();
        _bucket.Dispose();
    }

    private string NewFile(string kind) => Path.Combine(_work, $"{kind}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}");

    private async Task<StoredObject> PlaceAsync(string file, StoredObject stored, CancellationToken cancellation)
    {
        try
        {
            await UploadAsync(file, stored, cancellation).ConfigureAwait(false);
            _cache.Offer(stored, file);
            return stored;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private Task UploadAsync(string file, StoredObject stored, CancellationToken cancellation) =>
        _naming.PlaceAsync(stored, stop => _upload.RunAsync(file, stored, stop), cancellation);
}
