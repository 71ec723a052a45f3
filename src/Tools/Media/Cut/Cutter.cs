using System.Globalization;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Mp4;
using Pipeline.Tools.Media.Probe;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Media.Sniff;

namespace Pipeline.Tools.Media.Cut;

/// <summary>What to cut. Without <paramref name="Exact"/> the cut starts at a key frame and nothing is encoded.</summary>
public sealed record CutRequest(double StartSeconds, double EndSeconds, bool Exact = false, Region? Region = null);

/// <summary>Cuts a range out of any media into the job's folder, by the cheapest way that gives what was asked.</summary>
public sealed class Cutter(Ffmpeg ffmpeg, Prober prober)
{
    private const string Part = "part.mp4";

    /// <summary>Writes the range to the file <paramref name="output"/> in the job's folder.</summary>
    /// <exception cref="InvalidRangeError">The range does not lie in the media.</exception>
    public async Task<CutResult> CutAsync(MediaFile media, CutRequest request, WorkFolder job, string output, IProgress<double>? progress, CancellationToken cancellation)
    {
        var facts = await prober.ProbeAsync(media, job, cancellation).ConfigureAwait(false);
        MediaRange.Check(request.StartSeconds, request.EndSeconds, facts.DurationSeconds ?? 0);
        request.Region?.Check(facts.Video());
        if (request.Region is { } region && (region.Width % 2 != 0 || region.Height % 2 != 0))
        {
            throw new InvalidMediaOptionError("region", "width and height of a video's region must be even.");
        }

        return media.Movie is { } movie && movie.Tracks.All(track => track.Complex is null)
            ? await CutMp4Async(media, movie, request, job, output, progress, cancellation).ConfigureAwait(false)
            : await CutOtherAsync(media, facts, request, job, output, progress, cancellation).ConfigureAwait(false);
    }

    private async Task<CutResult> CutMp4Async(MediaFile media, Mp4Movie movie, CutRequest request, WorkFolder job, string output, IProgress<double>? progress, CancellationToken cancellation)
    {
        CutResult cut;
        await using (var file = new FileStream(job.File(Part), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
        {
            cut = await Mp4Cut.FastAsync(movie, media.Source, request.StartSeconds, request.EndSeconds, file, cancellation).ConfigureAwait(false);
        }

        if (request.Region is null && (!request.Exact || cut.Exact))
        {
            File.Move(job.File(Part), job.File(output), overwrite: true);
            return cut;
        }

        // The part's own edit list shows exactly the wanted frames, so decoding it needs no further trimming.
        var seconds = cut.EndSeconds - cut.ShownSeconds;
        await ffmpeg.RunAsync(job, new FfmpegCall([new FfmpegInput(job.File(Part), "mov")], Encode(request, output)) { ExpectedSeconds = seconds, Progress = progress }, cancellation).ConfigureAwait(false);
        File.Delete(job.File(Part));
        return cut with { StartSeconds = cut.ShownSeconds, Method = "reencode", Exact = true, BytesWritten = new FileInfo(job.File(output)).Length };
    }

    private async Task<CutResult> CutOtherAsync(MediaFile media, MediaFacts facts, CutRequest request, WorkFolder job, string output, IProgress<double>? progress, CancellationToken cancellation)
    {
        using var local = await media.LocalAsync(cancellation).ConfigureAwait(false);
        var seconds = request.EndSeconds - request.StartSeconds;
        var input = new FfmpegInput(local.Path, media.Kind.Demuxer, "-ss", Number(request.StartSeconds), "-t", Number(seconds));
        var exact = request.Exact || request.Region is not null;
        string[] arguments = exact ? Encode(request, output) : ["-map", "0:v:0?", "-map", "0:a?", "-c", "copy", "-f", Muxer(media.Kind, facts), output];
        var call = new FfmpegCall([input], arguments) { ExpectedSeconds = seconds, Progress = progress };
        var result = await ffmpeg.RunAsync(job, call, cancellation).ConfigureAwait(false);
        return new CutResult
        {
            StartSeconds = request.StartSeconds,
            EndSeconds = request.EndSeconds,
            ShownSeconds = request.StartSeconds,
            RequestedStartSeconds = request.StartSeconds,
            RequestedEndSeconds = request.EndSeconds,
            Method = exact ? "ffmpeg_reencode" : "ffmpeg_copy",
            Exact = exact,
            BytesRead = result.BytesRead,
            BytesWritten = new FileInfo(job.File(output)).Length,
        };
    }

    private static string[] Encode(CutRequest request, string output) =>
    [
        "-map", "0:v:0?", "-map", "0:a?", "-vsync", "vfr", "-vf", (request.Region is { } region ? region.Filter + "," : "") + "format=yuv420p",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart", "-f", "mp4", output,
    ];

    private static string Muxer(MediaKind kind, MediaFacts facts) =>
        facts.Video() is null ? kind.Container is "aac" ? "adts" : kind.Container is "mp4" or "mov" ? "mp4" : kind.Container
        : kind.Container is "mp4" or "mov" ? "mp4"
        : "matroska";

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
