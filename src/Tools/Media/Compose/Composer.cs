using System.Globalization;
using Pipeline.Tools.Media.Analyze;
using Pipeline.Tools.Media.Cut;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Mp4;
using Pipeline.Tools.Media.Probe;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Media.Recipes;

namespace Pipeline.Tools.Media.Compose;

/// <summary>Puts clips, sounds and captions together into one MP4, and measures the result.</summary>
public sealed class Composer(Ffmpeg ffmpeg, Prober prober, Cutter cutter, Analyzer analyzer)
{
    /// <summary>The most clips and sounds together.</summary>
    public const int MaxInputs = 200;

    /// <summary>The longest film. A file of a few bytes can claim to last for years.</summary>
    public const double MaxSeconds = 6 * 3600;

    private const string CaptionFile = "captions.srt";

    public async Task<ComposeResult> ComposeAsync(Composition film, WorkFolder job, string output, IProgress<double>? progress, CancellationToken cancellation)
    {
        var look = await LookAsync(film, job, cancellation).ConfigureAwait(false);
        using var locals = new Locals();
        List<FfmpegInput> inputs = [];
        long? read = 0;
        var graph = new ComposeGraph(look.Width, look.Height, look.Fps);
        foreach (var clip in film.Video)
        {
            var (ready, bytes) = await ReadyAsync(clip, graph.Seconds, look.Fps, job, inputs.Count, locals, cancellation).ConfigureAwait(false);
            graph.Add(inputs.Count, ready);
            inputs.Add(ready.Input);
            read += bytes;
        }

        List<(int Input, ComposedSound Sound)> sounds = [];
        foreach (var sound in film.Audio)
        {
            var ready = await ReadyAsync(sound, graph.Seconds, job, locals, cancellation).ConfigureAwait(false);
            sounds.Add((inputs.Count, ready));
            inputs.Add(ready.Input);
        }

        var captions = await CaptionsAsync(film, graph.Seconds, job, cancellation).ConfigureAwait(false);
        var filters = graph.Build(sounds, film.LoudnessLufs, captions && film.BurnCaptions ? CaptionFile : null);
        string[] subtitles = captions ? ["-map", Invariant($"{inputs.Count}:s:0"), "-c:s", "mov_text"] : [];
        if (captions)
        {
            inputs.Add(new FfmpegInput(job.File(CaptionFile), "srt"));
        }

        string[] arguments =
        [
            "-filter_complex", filters, "-map", "[video]", "-map", "[audio]", .. subtitles, "-r", Invariant($"{look.Fps}"), "-c:v", "libx264", "-preset", "veryfast", "-crf", "19", "-g", Invariant($"{(int)Math.Ceiling(look.Fps * 2)}"),
            "-c:a", "aac", "-b:a", "192k", "-ar", "48000", "-movflags", "+faststart", "-f", "mp4", output,
        ];
        var result = await ffmpeg.RunAsync(job, new FfmpegCall(inputs, arguments) { ExpectedSeconds = graph.Seconds, Progress = progress }, cancellation).ConfigureAwait(false);
        return await MeasureAsync(film, look, locals.Any ? read + result.BytesRead : read, job, output, cancellation).ConfigureAwait(false);
    }

    private async Task<(int Width, int Height, double Fps)> LookAsync(Composition film, WorkFolder job, CancellationToken cancellation)
    {
        if (film.Video.Count == 0 || film.Video.Count + film.Audio.Count > MaxInputs)
        {
            throw new InvalidMediaOptionError("tracks", $"give at least one video clip, and at most {MaxInputs} clips and sounds.");
        }

        var first = (await prober.ProbeAsync(film.Video[0].Media, job, cancellation).ConfigureAwait(false)).Video() ?? throw new NotSupportedByMediaError("pictures", "The first clip has no pictures.");
        var (width, height) = (film.Width ?? Scale.Even(first.Width ?? 0), film.Height ?? Scale.Even(first.Height ?? 0));
        var fps = film.Fps ?? Math.Clamp(Math.Round(first.Fps ?? 30, 3), 10, 120);
        if (width is < 16 or > 8192 || height is < 16 or > 8192 || width % 2 != 0 || height % 2 != 0)
        {
            throw new InvalidMediaOptionError("width", "width and height must be even, 16 to 8192.");
        }

        if (!(fps is >= 1 and <= 120))
        {
            throw new InvalidMediaOptionError("fps", "it must be 1 to 120.");
        }

        if (film.LoudnessLufs is not (null or (>= -40 and <= -8)))
        {
            throw new InvalidMediaOptionError("loudness_lufs", "it must be -40 to -8.");
        }

        return (width, height, fps);
    }

    private async Task<(ComposedClip Clip, long? Bytes)> ReadyAsync(ClipPlacement clip, double at, double fps, WorkFolder job, int number, Locals locals, CancellationToken cancellation)
    {
        var facts = await prober.ProbeAsync(clip.Media, job, cancellation).ConfigureAwait(false);
        var picture = facts.Video() ?? throw new NotSupportedByMediaError("pictures", $"Clip {number + 1} has no pictures.");
        if (!(facts.DurationSeconds > 0 || picture.DurationSeconds > 0))
        {
            throw new NotSupportedByMediaError("length", $"Clip {number + 1} is a still and has no length. Make a film of it first, as generate_media does with a model such as synthetic-pan.");
        }

        var end = clip.OutSeconds ?? picture.DurationSeconds ?? facts.DurationSeconds ?? 0;
        MediaRange.Check(clip.InSeconds, end, facts.DurationSeconds ?? 0);
        var start = clip.StartSeconds ?? at;
        if (!(start >= at - (0.5 / fps) && start < 86400))
        {
            throw new InvalidMediaOptionError("at_seconds", Invariant($"clip {number + 1} starts at {start} s; it may start from {at} s on, where the one before it ends."));
        }

        if (start + end - clip.InSeconds > MaxSeconds)
        {
            throw new LimitExceededError("film_seconds", MaxSeconds, start + end - clip.InSeconds);
        }

        var frames = Math.Max(1, (int)Math.Round((end - clip.InSeconds) * fps));
        var sounds = facts.Audio() is not null && !clip.Mute;
        if (clip.Media.Movie is not null && (clip.InSeconds > 0 || clip.OutSeconds is not null))
        {
            var name = Invariant($"clip-{number}.mp4");
            var cut = await cutter.CutAsync(clip.Media, new CutRequest(clip.InSeconds, end), job, name, null, cancellation).ConfigureAwait(false);
            var part = await MediaFile.OpenAsync(job.File(name), cancellation).ConfigureAwait(false);
            return (new ComposedClip(new FfmpegInput(job.File(name), "mov"), start, frames, sounds && part.Movie?.Audio is not null), cut.BytesRead);
        }

        return (new ComposedClip(await locals.InputAsync(clip.Media, clip.InSeconds, end, cancellation).ConfigureAwait(false), start, frames, sounds), 0);
    }

    private async Task<ComposedSound> ReadyAsync(SoundPlacement sound, double length, WorkFolder job, Locals locals, CancellationToken cancellation)
    {
        var facts = await prober.ProbeAsync(sound.Media, job, cancellation).ConfigureAwait(false);
        if (facts.Audio() is null)
        {
            throw new NotSupportedByMediaError("sound", "A clip on the audio track has no sound.");
        }

        var end = sound.OutSeconds ?? facts.DurationSeconds ?? 0;
        MediaRange.Check(sound.InSeconds, end, facts.DurationSeconds ?? 0);
        MediaRange.CheckMoment(sound.StartSeconds, length);
        return sound.GainDb is >= -60 and <= 30
            ? new ComposedSound(await locals.InputAsync(sound.Media, sound.InSeconds, end, cancellation).ConfigureAwait(false), sound.StartSeconds, sound.GainDb, end - sound.InSeconds)
            : throw new InvalidMediaOptionError("gain_db", "it must be -60 to 30.");
    }

    private async Task<bool> CaptionsAsync(Composition film, double length, WorkFolder job, CancellationToken cancellation)
    {
        if (film.Captions.Count == 0)
        {
            return false;
        }

        foreach (var caption in film.Captions)
        {
            Captions.CheckText(caption.Text);
            MediaRange.Check(caption.StartSeconds, caption.EndSeconds, length);
        }

        if (film.BurnCaptions)
        {
            await ffmpeg.NeedFiltersAsync(job, cancellation, "subtitles").ConfigureAwait(false);
        }

        await File.WriteAllTextAsync(job.File(CaptionFile), Captions.SubRip(film.Captions), cancellation).ConfigureAwait(false);
        return true;
    }

    private async Task<ComposeResult> MeasureAsync(Composition film, (int Width, int Height, double Fps) look, long? read, WorkFolder job, string output, CancellationToken cancellation)
    {
        var made = await MediaFile.OpenAsync(job.File(output), cancellation).ConfigureAwait(false);
        if (made.Movie is not { Video: { } picture, Audio: { } sound } movie)
        {
            throw new MediaDamagedError("no picture or sound of it could be decoded");
        }

        var drift = Math.Max(Math.Abs(picture.EndSeconds - sound.EndSeconds), Math.Abs(Start(picture) - Start(sound)));
        double? loudness = film.LoudnessLufs is null
            ? null
            : (await analyzer.AnalyzeAsync(made, [MediaCheck.Loudness], job, null, cancellation).ConfigureAwait(false)).Metrics.TryGetValue("loudness_lufs", out var lufs) ? lufs : null;
        return new ComposeResult(Math.Round(movie.DurationSeconds, 6), Math.Round(drift, 6), look.Width, look.Height, look.Fps, loudness, read, made.Source.Length);
    }

    private static double Start(Mp4Track track) => track.Seconds(Math.Max(track.MediaStart, track.Samples.Time(track.FirstShown!.Value)));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
