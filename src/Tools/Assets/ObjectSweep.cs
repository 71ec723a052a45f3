using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>
/// Clears away objects that no row names and files of uploads that no row knows, once they are older than a grace. Bytes are put before their row
/// is written, so the grace must be longer than the longest call; a put within it is left alone even if it repeats older bytes.
/// </summary>
public sealed class ObjectSweep(IDatabase database, IObjectKeep keep, ObjectNames names, UploadFiles uploads, TimeProvider time, IPresigns? presigns = null)
{
    /// <summary>An hour over the life of an upload.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromHours(25);

    private const int Batch = 200;

    /// <summary>Sweeps once.</summary>
    /// <param name="grace">What is younger stays.</param>
    /// <param name="dryRun">Only counts.</param>
    /// <param name="cancellation">What was swept stays swept.</param>
    public async Task<Swept> RunAsync(TimeSpan grace, bool dryRun, CancellationToken cancellation)
    {
        var total = new Swept(0, 0, 0, 0, 0, dryRun);
        var old = new List<ObjectEntry>(Batch);
        await foreach (var entry in keep.ListAsync(cancellation).ConfigureAwait(false))
        {
            total = total with { ObjectsSeen = total.ObjectsSeen + 1 };
            if (entry.Age >= grace)
            {
                old.Add(entry);
            }

            if (old.Count == Batch)
            {
                total = await SweepAsync(old, grace, total, cancellation).ConfigureAwait(false);
                old.Clear();
            }
        }

        total = await SweepAsync(old, grace, total, cancellation).ConfigureAwait(false);
        return await SweepUploadsAsync(grace, total, cancellation).ConfigureAwait(false);
    }

    // A row can come to name an old object in one way only, a put of the same bytes; and that makes the object young before the row is written.
    private async Task<Swept> SweepAsync(List<ObjectEntry> old, TimeSpan grace, Swept total, CancellationToken cancellation)
    {
        var named = await database.ReadAsync(query => names.NamedAsync(query, [.. old.Select(entry => entry.Sha256)]), cancellation).ConfigureAwait(false);
        foreach (var entry in old.Where(entry => !named.Contains(entry.Sha256)))
        {
            if (total.DryRun || await keep.SweepAsync(entry.Sha256, grace, cancellation).ConfigureAwait(false))
            {
                total = total with { ObjectsRemoved = total.ObjectsRemoved + 1, BytesFreed = total.BytesFreed + entry.SizeBytes };
            }
        }

        return total;
    }

    private async Task<Swept> SweepUploadsAsync(TimeSpan grace, Swept total, CancellationToken cancellation)
    {
        if (!total.DryRun)
        {
            foreach (var token in await database.RelieveAsync(Scopes.Transfers, UploadsTable.SweepAsync, cancellation).ConfigureAwait(false))
            {
                uploads.Delete(token);
                total = total with { UploadsExpired = total.UploadsExpired + 1 };
            }
        }

        if (!total.DryRun && presigns is not null)
        {
            total = total with { FilesRemoved = total.FilesRemoved + await presigns.ClearAsync(DefaultGrace, cancellation).ConfigureAwait(false) };
        }

        foreach (var file in uploads.Files().Where(file => time.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc >= grace).ToList())
        {
            if (await database.ReadAsync(query => UploadsTable.IsKnownAsync(query, file.Name), cancellation).ConfigureAwait(false))
            {
                continue;
            }

            total = total with { FilesRemoved = total.FilesRemoved + 1, BytesFreed = total.BytesFreed + file.Length };
            if (!total.DryRun)
            {
                uploads.Delete(file.Name);
            }
        }

        return total;
    }
}

/// <summary>What a sweep found and did.</summary>
/// <param name="ObjectsSeen">All objects in the store.</param>
/// <param name="ObjectsRemoved">Those that no row named for longer than the grace.</param>
/// <param name="UploadsExpired">Uploads past their time, forgotten with their bytes.</param>
/// <param name="FilesRemoved">Files of uploads that no row knew.</param>
/// <param name="BytesFreed">By objects and files.</param>
/// <param name="DryRun">True when nothing was removed: the numbers say what would be.</param>
public sealed record Swept(long ObjectsSeen, long ObjectsRemoved, long UploadsExpired, long FilesRemoved, long BytesFreed, bool DryRun)
{
    /// <summary>Intermediates of runs that went; their bytes follow when nothing else names them.</summary>
    public long VersionsExpired { get; init; }
}
