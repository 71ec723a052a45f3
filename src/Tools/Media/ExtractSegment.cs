using System.Globalization;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Media.Cut;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Media;

[Tool(Toolset.Media, Changes = true, Writes = true)]
internal sealed partial class ExtractSegment(Call call, MediaDesk desk, Cutter cutter, WriteGuard guard, AssetWriter writer)
{
    private const string File = "segment.mp4";
    private const double LongestSeconds = 10_000_000;

    /// <summary>Cuts a time range, and a region if wanted, into a new asset and reads only the bytes of that range.</summary>
    /// <param name="asset">The source; or give hit_id.</param>
    /// <param name="start_seconds">From.</param>
    /// <param name="end_seconds">To.</param>
    /// <param name="hit_id">A hit of query_index.</param>
    /// <param name="mode">fast: from the key frame, nothing encoded. exact: to the frame.</param>
    /// <param name="region">{x, y, width, height} in pixels; implies exact.</param>
    /// <param name="output">workspace/path to write; beside the source if left out.</param>
    /// <param name="progress">Bound by the server.</param>
    [McpServerTool(Name = "extract_segment", Title = "Extract segment", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<ExtractedSegment> RunAsync(
        IProgress<ProgressNotificationValue> progress, string? asset = null, double? start_seconds = null, double? end_seconds = null, string? hit_id = null,
        CutMode mode = CutMode.Fast, Region? region = null, string? output = null, CancellationToken cancellation = default)
    {
        var (source, start, end) = await desk.MomentAsync(hit_id, asset, start_seconds, end_seconds, cancellation).ConfigureAwait(false);
        if (Math.Max(Math.Abs(start), Math.Abs(end)) > LongestSeconds)
        {
            throw new InvalidRangeError(start, end, null, "is longer than any film");
        }

        var target = AssetName.ParseTarget(output ?? Beside(source, start, end), "output");
        await guard.CheckEarlyAsync(target, cancellation).ConfigureAwait(false);
        var media = await desk.OpenAsync(source, cancellation).ConfigureAwait(false);
        using var job = desk.Job();
        var request = new CutRequest(start, end, mode == CutMode.Exact, region);
        var cut = await cutter.CutAsync(media, request, job, File, MediaDesk.Percent(progress), cancellation).ConfigureAwait(false);
        var read = media.Movie is null ? cut.BytesRead : media.Source.BytesRead;
        var stored = await desk.StoreAsync(job, File, cancellation).ConfigureAwait(false);
        var lineage = new Lineage { Tool = call.Tool, Sources = [source.Address], Method = cut.Method, Parameters = new { start_seconds = start, end_seconds = end, mode, region } };
        var next = new NewVersion(target, stored, media.Movie is null && !cut.Exact ? media.Kind.MediaType : "video/mp4", lineage);
        AssetRow? made = null;
        var result = await call.CommitAsync(target.Workspace, target.Current, async tx =>
        {
            made = await writer.WriteAsync(tx, next).ConfigureAwait(false);
            await desk.MeterAsync(tx, source, read, stored.SizeBytes).ConfigureAwait(false);
            return new ExtractedSegment(
                made.Name, made.Version, cut.StartSeconds, cut.EndSeconds, start, end, cut.ShownSeconds, cut.Method, source.Address, source.SizeBytes, read,
                stored.SizeBytes, MediaDesk.SavedShare(source.SizeBytes, read));
        }, cancellation, done => new { done.Source, done.Method, done.BytesRead }).ConfigureAwait(false);
        if (made is not null)
        {
            call.Attach(AssetLink.To(made));
        }

        return result;
    }

    private static string Beside(AssetRow source, double start, double end)
    {
        var name = System.IO.Path.ChangeExtension(source.Path, null);
        return string.Create(CultureInfo.InvariantCulture, $"{source.Workspace}/{name}.cuts/{start:0.###}-{end:0.###}.mp4");
    }
}

/// <summary>A segment and what it took to get it. Times count from the source's first frame.</summary>
/// <param name="Asset">The new version.</param>
/// <param name="StartSeconds">The first frame in the file.</param>
/// <param name="EndSeconds">The end of the last frame.</param>
/// <param name="ShownSeconds">Where players that honour edit lists begin.</param>
/// <param name="Method">remux, reencode, ffmpeg_copy or ffmpeg_reencode.</param>
/// <param name="BytesRead">Measured; null where it could not be.</param>
/// <param name="SavedShare">Share of the source that was not read, 0 to 1.</param>
public sealed record ExtractedSegment(
    string Asset, long Version, double StartSeconds, double EndSeconds, double RequestedStartSeconds, double RequestedEndSeconds, double ShownSeconds, string Method,
    string Source, long SourceBytes, long? BytesRead, long BytesWritten, double? SavedShare);
