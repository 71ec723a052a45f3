using Pipeline.Storage.Objects;
using Pipeline.Storage.State;

namespace Pipeline.Tools.Assets;

/// <summary>A file that grows while it is fetched, and the row that tells after a restart whether the rest still belongs to its beginning.</summary>
internal sealed class PartialDownload
{
    private const int CopyBytes = 1 << 17;
    private const long FlushEveryBytes = 32L << 20;

    // Linux names each run of the machine. Elsewhere only what was flushed counts.
    private static readonly string BootNow = File.Exists("/proc/sys/kernel/random/boot_id") ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : "";

    private readonly string _path;
    private readonly IDatabase _database;
    private DownloadRow _row;

    public PartialDownload(string path, DownloadRow row, IDatabase database)
    {
        (_path, _row, _database) = (path, row, database);
        var surely = BootNow.Length > 0 && row.Boot == BootNow ? long.MaxValue : row.FlushedBytes;
        if (SizeBytes > surely)
        {
            using var file = new FileStream(path, FileMode.Open);
            file.SetLength(surely);
        }
    }

    public string Id => _row.DownloadId;

    /// <summary>Bytes on disk.</summary>
    public long SizeBytes => new FileInfo(_path) is { Exists: true } file ? file.Length : 0;

    /// <summary>The object that the whole became, when an earlier call got so far.</summary>
    public string? Sha256 => _row.Sha256;

    /// <summary>Whether nothing is missing.</summary>
    public bool IsWhole => Sha256 is not null || (SizeBytes > 0 && SizeBytes == _row.TotalBytes);

    /// <summary>Whether something is known to be missing.</summary>
    public bool IsShort => SizeBytes < _row.TotalBytes;

    private Validator Validator => new(_row.Etag, _row.ModifiedSeconds);

    /// <summary>Asks for what is missing only, and only if the thing is still the same; else for all of it.</summary>
    public void Ask(HttpRequestMessage request)
    {
        if (!Validator.Exists || (!IsWhole && SizeBytes == 0))
        {
            Restart();
        }
        else if (IsWhole)
        {
            Validator.AskIfChanged(request);
        }
        else
        {
            Validator.AskForRest(request, SizeBytes);
        }
    }

    /// <summary>Whether a 206 is the part that was asked for.</summary>
    public bool Continues(HttpResponseMessage part) =>
        SizeBytes > 0 && part.Content.Headers.ContentRange is { From: { } from } range && from == SizeBytes
        && (range.Length is null || _row.TotalBytes is null || range.Length == _row.TotalBytes) && !Validator.IsContradictedBy(part);

    /// <summary>Forgets what came.</summary>
    public void Restart()
    {
        File.Delete(_path);
        _row = _row with { Etag = null, ModifiedSeconds = null, TotalBytes = null, FlushedBytes = 0, Sha256 = null };
    }

    /// <summary>Notes what a first answer says of the thing, before any of its bytes.</summary>
    public Task BeginAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        Restart();
        var validator = Validator.Of(response);
        return SaveAsync(_row with { Etag = validator.Etag, ModifiedSeconds = validator.ModifiedSeconds, TotalBytes = response.Content.Headers.ContentLength, Boot = BootNow }, cancellation);
    }

    /// <summary>Appends the stream to its end. From time to time what is there is flushed to disk and noted.</summary>
    public async Task AppendAsync(Stream content, CancellationToken cancellation)
    {
        if (_row.Boot != BootNow)
        {
            await SaveAsync(_row with { Boot = BootNow, FlushedBytes = SizeBytes }, cancellation).ConfigureAwait(false);
        }

        var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read, 1, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            var buffer = new byte[CopyBytes];
            for (int read; (read = await content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
            {
                await file.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None).ConfigureAwait(false);
                if (file.Position - _row.FlushedBytes >= FlushEveryBytes)
                {
                    file.Flush(flushToDisk: true);
                    await SaveAsync(_row with { FlushedBytes = file.Position }, cancellation).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Puts the whole into the store, or finds that it is there; null when it is gone from there.</summary>
    public async Task<StoredObject?> StoreAsync(IObjectStore objects, CancellationToken cancellation)
    {
        if (Sha256 is { } known)
        {
            return await objects.HeadAsync(known, cancellation).ConfigureAwait(false) is { } sizeBytes ? new(known, sizeBytes) : null;
        }

        if (SizeBytes == 0)
        {
            await File.WriteAllBytesAsync(_path, [], cancellation).ConfigureAwait(false); // nothing came, and that was all
        }

        var stored = await objects.AdoptAsync(_path, cancellation).ConfigureAwait(false);
        await SaveAsync(_row with { Sha256 = stored.Sha256, TotalBytes = stored.SizeBytes }, CancellationToken.None).ConfigureAwait(false);
        return stored;
    }

    private async Task SaveAsync(DownloadRow row, CancellationToken cancellation)
    {
        _row = row;
        await _database.TransactAsync(row.Workspace, tx => DownloadsTable.PutAsync(tx, row), cancellation).ConfigureAwait(false);
    }
}
