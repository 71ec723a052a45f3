using System.Globalization;
using Pipeline.Tools.Media.Cut;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Mp4;
using Pipeline.Tools.Media.Probe;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Media.Sniff;

namespace Pipeline.Tools.Media.Frames;

/// <summary>Pictures to take: moments, an optional region, a bound on the longer edge, and <c>jpeg</c>, <c>webp</c> or <c>png</c>.</summary>
public sealed record FrameRequest(IReadOnlyList<double> AtSeconds, Region? Region = null, int? MaxEdgePixels = null, string Format = "jpeg");

/// <summary>A picture in the job's folder, and the time of the frame that it shows.</summary>
public sealed record GrabbedFrame(double AtSeconds, double TimeSeconds, string File, string MediaType, int Width, int Height, long SizeBytes);

/// <summary>The pictures and what reading them took.</summary>
public sealed record GrabbedFrames(IReadOnlyList<GrabbedFrame> Frames, long? BytesRead, long BytesWritten);

/// <summary>Takes single frames. From an MP4 only the bytes from the key frame to the frame itself are read.</summary>
public sealed class FrameGrabber(Ffmpeg ffmpeg, Prober prober)
{
    /// <summary>The most pictures in one call.</summary>
    public const int MaxFrames = 100;

    private const double OneMoment = 0.001;

    public async Task<GrabbedFrames> GrabAsync(MediaFile media, FrameRequest request, WorkFolder job, CancellationToken cancellation)
    {
        var facts = await prober.ProbeAsync(media, job, cancellation).ConfigureAwait(false);
        var picture = Check(request, facts, media.Kind);
        List<GrabbedFrame> frames = [];
        long? read = 0;
        foreach (var at in request.AtSeconds)
        {
            var name = $"frame-{frames.Count}{Extension(request.Format)}";
            var (time, bytes) = media.Movie is { Video: { } video } movie && video.Complex is null
                ? await FromMp4Async(media, movie, at, picture, request, job, name, cancellation).ConfigureAwait(false)
                : await FromOtherAsync(media, at, picture, request, job, name, cancellation).ConfigureAwait(false);
            if (!File.Exists(job.File(name)))
            {
                throw new MediaDamagedError("there is no frame at this time");
            }

            read += bytes;
            var (width, height) = Size(picture, request);
            frames.Add(new GrabbedFrame(at, time, name, "image/" + request.Format, width, height, new FileInfo(job.File(name)).Length));
        }

        return new GrabbedFrames(frames, read, frames.Sum(frame => frame.SizeBytes));
    }

    private async Task<(double Time, long? Bytes)> FromMp4Async(
        MediaFile media, Mp4Movie movie, double at, StreamFacts picture, FrameRequest request, WorkFolder job, string name, CancellationToken cancellation)
    {
        const string Part = "frame-part.mp4";
        var video = movie.Video!;
        var last = video.Seconds(video.Samples.Time(video.Samples.LastUntil((video.MediaEnd ?? long.MaxValue) - 1)!.Value)) - movie.OriginSeconds;
        var moment = Math.Min(at, last); // Past the last frame's start it is still the last frame.
        CutResult cut;
        await using (var file = new FileStream(job.File(Part), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
        {
            cut = await Mp4Cut.FastAsync(movie, media.Source, moment, moment + OneMoment, file, cancellation, sound: false).ConfigureAwait(false);
        }

        await ffmpeg.RunAsync(job, new FfmpegCall([new FfmpegInput(job.File(Part), "mov")], Arguments(picture, request, name)), cancellation).ConfigureAwait(false);
        return (cut.ShownSeconds, cut.BytesRead);
    }

    private async Task<(double Time, long? Bytes)> FromOtherAsync(MediaFile media, double at, StreamFacts picture, FrameRequest request, WorkFolder job, string name, CancellationToken cancellation)
    {
        using var local = await media.LocalAsync(cancellation).ConfigureAwait(false);
        string[] seek = at > 0 ? ["-ss", at.ToString("0.######", CultureInfo.InvariantCulture)] : [];
        var result = await ffmpeg.RunAsync(job, new FfmpegCall([new FfmpegInput(local.Path, media.Kind.Demuxer, seek)], Arguments(picture, request, name)), cancellation).ConfigureAwait(false);
        return (at, result.BytesRead);
    }

    private static StreamFacts Check(FrameRequest request, MediaFacts facts, MediaKind kind)
    {
        var picture = facts.Video() ?? throw new NotSupportedByMediaError("pictures", "The media has no pictures. Give a video or an image.");
        if (request.AtSeconds.Count is 0 or > MaxFrames)
        {
            throw new InvalidMediaOptionError("at_seconds", $"give 1 to {MaxFrames} moments.");
        }

        if (request.MaxEdgePixels is < 16 or > 8192)
        {
            throw new InvalidMediaOptionError("max_edge_pixels", "it must be 16 to 8192.");
        }

        foreach (var at in request.AtSeconds)
        {
            MediaRange.CheckMoment(at, kind.Still ? 0 : facts.DurationSeconds ?? 0);
        }

        request.Region?.Check(picture);
        return picture;
    }

    private static string[] Arguments(StreamFacts picture, FrameRequest request, string name)
    {
        var (width, height) = Size(picture, request);
        var filters = new List<string>();
        if (request.Region is { } region)
        {
            filters.Add(region.Filter);
        }

        if ((width, height) != (request.Region?.Width ?? picture.Width, request.Region?.Height ?? picture.Height))
        {
            filters.Add(string.Create(CultureInfo.InvariantCulture, $"scale={width}:{height}:flags=area"));
        }

        filters.Add(request.Format switch { "jpeg" => "format=yuvj420p", "webp" => "format=yuv420p", _ => "format=rgb24" });
        string[] encode = request.Format switch
        {
            "jpeg" => ["-c:v", "mjpeg", "-q:v", "3"],
            "webp" => ["-c:v", "libwebp", "-quality", "80"],
            _ => ["-c:v", "png"],
        };
        return ["-map", "0:v:0", "-frames:v", "1", "-vf", string.Join(',', filters), .. encode, "-f", "image2", "-update", "1", name];
    }

    private static (int Width, int Height) Size(StreamFacts picture, FrameRequest request)
    {
        var (width, height) = (request.Region?.Width ?? picture.Width ?? 0, request.Region?.Height ?? picture.Height ?? 0);
        var share = Math.Min(1.0, (double)(request.MaxEdgePixels ?? int.MaxValue) / Math.Max(width, height));
        return (Math.Max(1, (int)Math.Round(width * share)), Math.Max(1, (int)Math.Round(height * share)));
    }

    private static string Extension(string format) => format switch
    {
        "jpeg" => ".jpg",
        "webp" => ".webp",
        "png" => ".png",
        _ => throw new InvalidMediaOptionError("format", "it must be jpeg, webp or png."),
    };
}
