using System.Globalization;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.Storage.Objects;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Media.Cut;
using Pipeline.Tools.Media.Frames;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Media;

[Tool(Toolset.Media, Changes = true, Writes = true)]
internal sealed partial class ExtractFrames(Call call, MediaDesk desk, FrameGrabber grabber, WriteGuard guard, AssetWriter writer)
{
    private const long InlineBytes = 1024 * 1024;

    /// <summary>Takes still pictures at given times, whole or a region. Small ones come with the answer.</summary>
    /// <param name="asset">The source; or give hit_id.</param>
    /// <param name="at_seconds">Times.</param>
    /// <param name="hit_id">A hit of query_index: its start, middle and end.</param>
    /// <param name="region">{x, y, width, height} in pixels.</param>
    /// <param name="max_edge_pixels">Longest edge, 16 to 8192.</param>
    /// <param name="format">Of the pictures.</param>
    /// <param name="output">workspace/folder to keep them in as assets.</param>
    [McpServerTool(Name = "extract_frames", Title = "Extract frames", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<ExtractedFrames> RunAsync(
        string? asset = null, IReadOnlyList<double>? at_seconds = null, string? hit_id = null, Region? region = null, int? max_edge_pixels = null,
        FrameFormat format = FrameFormat.Jpeg, string? output = null, CancellationToken cancellation = default)
    {
        if (hit_id is null && at_seconds is not { Count: > 0 })
        {
            throw new InvalidArgumentError("at_seconds", "Give at_seconds, one time or more.");
        }

        var (source, start, end) = await desk.MomentAsync(hit_id, asset, hit_id is null ? 0 : null, hit_id is null ? 0 : null, cancellation).ConfigureAwait(false);
        var times = at_seconds is { Count: > 0 } ? at_seconds : [start, (start + end) / 2, Math.Max(start, end - 0.05)];
        var targets = output is null ? [] : times.Select(at => Target(output, at, format)).ToList();
        foreach (var target in targets)
        {
            await guard.CheckEarlyAsync(target, cancellation).ConfigureAwait(false);
        }

        var media = await desk.OpenAsync(source, cancellation).ConfigureAwait(false);
        using var job = desk.Job();
        var grabbed = await grabber.GrabAsync(media, new(times, region, max_edge_pixels, Wire.Name(format)), job, cancellation).ConfigureAwait(false);
        var read = media.Movie is null ? grabbed.BytesRead : media.Source.BytesRead;
        await ShowAsync(grabbed, job, cancellation).ConfigureAwait(false);
        var stored = new List<StoredObject>();
        foreach (var frame in output is null ? [] : grabbed.Frames)
        {
            stored.Add(await desk.StoreAsync(job, frame.File, cancellation).ConfigureAwait(false));
        }

        return await call.CommitAsync(source.Workspace, source.Address, async tx =>
        {
            var lineage = new Lineage { Tool = call.Tool, Sources = [source.Address], Parameters = new { at_seconds = times, region, max_edge_pixels } };
            var frames = new List<ExtractedFrame>();
            for (var at = 0; at < grabbed.Frames.Count; at++)
            {
                var frame = grabbed.Frames[at];
                var made = output is null ? null : await writer.WriteAsync(tx, new(targets[at], stored[at], frame.MediaType, lineage)).ConfigureAwait(false);
                if (made is not null)
                {
                    call.Attach(AssetLink.To(made));
                }

                frames.Add(new(frame.AtSeconds, frame.TimeSeconds, frame.Width, frame.Height, frame.MediaType, frame.SizeBytes, made?.Name, made?.Version));
            }

            await desk.MeterAsync(tx, source, read, grabbed.BytesWritten).ConfigureAwait(false);
            return new ExtractedFrames(source.Address, frames, source.SizeBytes, read, grabbed.BytesWritten, MediaDesk.SavedShare(source.SizeBytes, read));
        }, cancellation).ConfigureAwait(false);
    }

    private async Task ShowAsync(GrabbedFrames grabbed, WorkFolder job, CancellationToken cancellation)
    {
        long shown = 0;
        foreach (var frame in grabbed.Frames.Where(frame => (shown += frame.SizeBytes) <= InlineBytes))
        {
            call.Attach(ImageContentBlock.FromBytes(await System.IO.File.ReadAllBytesAsync(job.File(frame.File), cancellation).ConfigureAwait(false), frame.MediaType));
        }
    }

    private static AssetName Target(string output, double at, FrameFormat format) => AssetName.ParseTarget(
        string.Create(CultureInfo.InvariantCulture, $"{output.TrimEnd('/')}/{at:0.###}.{(format == FrameFormat.Jpeg ? "jpg" : Wire.Name(format))}"), "output");
}

/// <summary>Still pictures and what it took to get them.</summary>
public sealed record ExtractedFrames(string Source, IReadOnlyList<ExtractedFrame> Frames, long SourceBytes, long? BytesRead, long BytesWritten, double? SavedShare);

/// <summary>One picture.</summary>
/// <param name="TimeSeconds">The time of the frame that it shows.</param>
/// <param name="Asset">Where it was kept, if it was.</param>
public sealed record ExtractedFrame(double AtSeconds, double TimeSeconds, int Width, int Height, string MediaType, long SizeBytes, string? Asset, long? Version);
