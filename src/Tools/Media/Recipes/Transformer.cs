using Pipeline.Tools.Media.Analyze;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Probe;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Media.Recipes;

/// <summary>What a transformation took, and the recipe's own numbers before and after.</summary>
public sealed record TransformResult(IReadOnlyDictionary<string, double> Before, IReadOnlyDictionary<string, double> After, long? BytesRead, long BytesWritten);

/// <summary>Applies a recipe to media: prepares it, encodes once, and measures both sides with the same ruler.</summary>
public sealed class Transformer(Ffmpeg ffmpeg, Prober prober, Analyzer analyzer)
{
    public async Task<TransformResult> TransformAsync(MediaFile media, Recipe recipe, WorkFolder job, string output, IProgress<double>? progress, CancellationToken cancellation)
    {
        recipe.Check();
        var facts = await prober.ProbeAsync(media, job, cancellation).ConfigureAwait(false);
        if (recipe.OnPictures ? facts.Video() is null : facts.Audio() is null)
        {
            throw new NotSupportedByMediaError(recipe.OnPictures ? "pictures" : "sound", $"This recipe needs {(recipe.OnPictures ? "pictures" : "sound")} and the media has none.");
        }

        if (facts.DurationSeconds is null)
        {
            throw new NotSupportedByMediaError("still picture", "Recipes work on video and sound, not on a still picture.");
        }

        await ffmpeg.NeedFiltersAsync(job, cancellation, recipe.Needs).ConfigureAwait(false);
        var before = await MeasureAsync(media, facts, recipe, job, cancellation).ConfigureAwait(false);
        using var local = await media.LocalAsync(cancellation).ConfigureAwait(false);
        var input = new FfmpegInput(local.Path, media.Kind.Demuxer);
        var filters = await recipe.PrepareAsync(new RecipeWork(ffmpeg, job, input, facts), cancellation).ConfigureAwait(false);
        FfmpegInput[] inputs = filters.Extra is { } extra ? [input, extra] : [input];
        var call = new FfmpegCall(inputs, Arguments(filters, facts, output)) { ExpectedSeconds = facts.DurationSeconds, Progress = progress };
        var result = await ffmpeg.RunAsync(job, call, cancellation).ConfigureAwait(false);
        var made = await MediaFile.OpenAsync(job.File(output), cancellation).ConfigureAwait(false);
        var after = await MeasureAsync(made, await prober.ProbeAsync(made, job, cancellation).ConfigureAwait(false), recipe, job, cancellation).ConfigureAwait(false);
        return new TransformResult(before, after, result.BytesRead, new FileInfo(job.File(output)).Length);
    }

    private async Task<Dictionary<string, double>> MeasureAsync(MediaFile media, MediaFacts facts, Recipe recipe, WorkFolder job, CancellationToken cancellation)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal) { ["duration_seconds"] = facts.DurationSeconds ?? 0, ["size_bytes"] = media.Source.Length };
        if (facts.Video() is { } picture)
        {
            (metrics["width"], metrics["height"], metrics["fps"]) = (picture.Width ?? 0, picture.Height ?? 0, picture.Fps ?? 0);
        }

        if (recipe.Measures.Count > 0)
        {
            var analysis = await analyzer.AnalyzeAsync(media, recipe.Measures, job, null, cancellation).ConfigureAwait(false);
            foreach (var (name, value) in analysis.Metrics)
            {
                metrics[name] = value;
            }
        }

        return metrics;
    }

    private static List<string> Arguments(RecipeFilters filters, MediaFacts facts, string output)
    {
        List<string> arguments = [];
        if (filters.Graph is { } graph)
        {
            arguments.AddRange(["-filter_complex", graph, "-map", "[sound]"]);
        }
        else if (facts.Audio() is { } sound)
        {
            arguments.AddRange(["-map", "0:a:0"]);
            arguments.AddRange(filters.Sound is { } chain ? ["-af", chain, "-c:a", "aac", "-b:a", "192k"] : sound.Codec == "aac" ? ["-c:a", "copy"] : ["-c:a", "aac", "-b:a", "192k"]);
        }

        if (facts.Video() is { } picture)
        {
            arguments.AddRange(["-map", "0:v:0", "-vsync", "vfr"]);
            arguments.AddRange(filters.Picture is { } chain
                ? ["-vf", chain + ",format=yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-crf", filters.Crf.ToString(System.Globalization.CultureInfo.InvariantCulture)]
                : picture.Codec is "h264" or "hevc" or "mpeg4" or "av1" ? ["-c:v", "copy"] : ["-vf", "format=yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-crf", "18"]);
        }

        return [.. arguments, "-movflags", "+faststart", "-f", "mp4", output];
    }
}
