using ModelContextProtocol;
using Pipeline.Storage;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Search;

namespace Pipeline.Tools.Media;

/// <summary>Where a media tool works: opens versions as media, gives it a folder of its own, and takes in what came out.</summary>
public sealed class MediaDesk(Call call, AssetReader reader, HitFinder hits, IObjectStore objects, MovieCache movies, DataFolder folder, Ids ids)
{
    /// <summary>The version that an address names, as media.</summary>
    public async Task<(AssetRow Asset, MediaFile Media)> OpenAsync(string asset, CancellationToken cancellation)
    {
        var row = await reader.FindAsync(asset, cancellation).ConfigureAwait(false);
        return (row, await OpenAsync(row, cancellation).ConfigureAwait(false));
    }

    /// <summary>A version as media; its header is read once for all calls.</summary>
    public async Task<MediaFile> OpenAsync(AssetRow row, CancellationToken cancellation)
    {
        var media = await MediaFile.OpenAsync(objects, row.Sha256, row.SizeBytes, cancellation, movies.Find(row.Sha256)).ConfigureAwait(false);
        movies.Keep(row.Sha256, media.Movie);
        return media;
    }

    /// <summary>The version and the moment that either a hit or an address with times names; exactly one of the two must be given.</summary>
    public async Task<(AssetRow Asset, double Start, double End)> MomentAsync(
        string? hitId, string? asset, double? start, double? end, CancellationToken cancellation)
    {
        if (hitId is null)
        {
            return asset is not null && start is { } from && end is { } to
                ? (await reader.FindAsync(asset, cancellation).ConfigureAwait(false), from, to)
                : throw new InvalidArgumentError("asset", "Give either hit_id, or asset with start_seconds and end_seconds.");
        }

        if (asset is not null)
        {
            throw new InvalidArgumentError("hit_id", "Give either hit_id or asset, not both; start_seconds and end_seconds may widen or narrow a hit.");
        }

        var (row, entry) = await hits.FindAsync(hitId, cancellation).ConfigureAwait(false);
        return (start ?? entry.StartSeconds, end ?? entry.EndSeconds) is ({ } first, { } last)
            ? (row, first, last)
            : throw new InvalidArgumentError("hit_id", "This hit is about the whole asset and has no times; give start_seconds and end_seconds.");
    }

    /// <summary>A new, empty folder for one job; gone when disposed.</summary>
    public WorkFolder Job() => WorkFolder.Create(folder.Work, ids.New("job"));

    /// <summary>Takes a finished file of the job's folder into the store.</summary>
    public Task<StoredObject> StoreAsync(WorkFolder job, string file, CancellationToken cancellation) => objects.AdoptAsync(job.File(file), cancellation);

    /// <summary>Notes what was moved, in the caller's transaction.</summary>
    public ValueTask<int> MeterAsync(ITransaction tx, AssetRow source, long? bytesRead, long bytesWritten) => MovementsTable.AddAsync(tx, new()
    {
        Workspace = source.Workspace,
        RunId = call.Terms.Claim?.RunId,
        StepId = call.Terms.Claim?.StepId,
        Tool = call.Tool,
        Asset = source.Address,
        SourceBytes = source.SizeBytes,
        BytesRead = bytesRead,
        BytesWritten = bytesWritten,
    });

    /// <summary>The share of the source that was not read, 0 to 1; null when that was not measured.</summary>
    public static double? SavedShare(long sourceBytes, long? bytesRead) => bytesRead is { } read && sourceBytes > 0
        ? Math.Round(Math.Clamp(1 - ((double)read / sourceBytes), 0, 1), 6)
        : null;

    /// <summary>A fraction as the protocol's progress, in hundredths.</summary>
    public static IProgress<double> Percent(IProgress<ProgressNotificationValue> progress) => new FractionProgress(progress);

    private sealed class FractionProgress(IProgress<ProgressNotificationValue> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report(new() { Progress = (float)Math.Round(value * 100, 1), Total = 100 });
    }
}
