using System.Globalization;
using Pipeline.Tools.Media.Probe;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Media.Analyze;

/// <summary>Looks through a whole file in one decoding pass and reports what it finds, as tags and numbers.</summary>
public sealed class Analyzer(Ffmpeg ffmpeg, Prober prober)
{
    /// <summary>Everything that can be looked for.</summary>
    public static IReadOnlyList<MediaCheck> All { get; } = Enum.GetValues<MediaCheck>();

    /// <summary>Analyses a file. Checks of pictures are left out when there are none, and so with sound.</summary>
    public async Task<Analysis> AnalyzeAsync(MediaFile media, IReadOnlyCollection<MediaCheck> checks, WorkFolder job, IProgress<double>? progress, CancellationToken cancellation)
    {
        var facts = await prober.ProbeAsync(media, job, cancellation).ConfigureAwait(false);
        using var local = await media.LocalAsync(cancellation).ConfigureAwait(false);
        var wanted = checks.Where(check => Can(check, facts)).ToHashSet();
        var graph = new AnalysisGraph(wanted);
        if (graph.Empty)
        {
            return new Analysis([], new Dictionary<string, double>(), 0);
        }

        await ffmpeg.NeedFiltersAsync(job, cancellation, [.. wanted.Select(Filter)]).ConfigureAwait(false);
        var log = new AnalysisLog(facts.DurationSeconds ?? 0);
        var call = new FfmpegCall([new FfmpegInput(local.Path, media.Kind.Demuxer)], graph.Arguments) { ExpectedSeconds = facts.DurationSeconds, Progress = progress, OnLine = log.Add };
        var result = await ffmpeg.RunAsync(job, call, cancellation).ConfigureAwait(false);
        var tags = log.Tags(wanted.Contains(MediaCheck.Scenes));
        return new Analysis(tags, Metrics(wanted, tags, log, job), result.BytesRead);
    }

    private static bool Can(MediaCheck check, MediaFacts facts) => check switch
    {
        MediaCheck.Silence or MediaCheck.Loudness => facts.Audio() is not null,
        MediaCheck.Sync => facts.Audio() is not null && facts.Video() is not null,
        _ => facts.Video() is not null,
    };

    private static Dictionary<string, double> Metrics(HashSet<MediaCheck> wanted, List<MediaTag> tags, AnalysisLog log, WorkFolder job)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        Sum(MediaCheck.Black, "black", "black_seconds");
        Sum(MediaCheck.Freeze, "freeze", "frozen_seconds");
        Sum(MediaCheck.Silence, "silence", "silent_seconds");
        Put(MediaCheck.Scenes, "scene_count", tags.Count(tag => tag.Kind == "scene"));
        Put(MediaCheck.Blur, "blur", log.Blur);
        Put(MediaCheck.Noise, "noise", Mean(job, AnalysisGraph.NoiseFile));
        if (wanted.Contains(MediaCheck.Sharpness) && Mean(job, AnalysisGraph.FineFile) is { } fine && Mean(job, AnalysisGraph.CoarseFile) is { } coarse and > 0)
        {
            Put(MediaCheck.Sharpness, "sharpness", Math.Min(1, fine / coarse));
        }

        Put(MediaCheck.Motion, "motion", Mean(job, AnalysisGraph.MotionFile) / 255);
        if (wanted.Contains(MediaCheck.Sync))
        {
            Put(MediaCheck.Sync, "drift_seconds", DecodedTimes.Drift(DecodedTimes.Read(job.File(AnalysisGraph.MotionFile)), DecodedTimes.Read(job.File(AnalysisGraph.HeardFile))));
        }

        if (wanted.Contains(MediaCheck.Loudness))
        {
            var last = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var (name, value) in Values(job, AnalysisGraph.LoudnessFile))
            {
                last[name] = value;
            }

            Put(MediaCheck.Loudness, "loudness_lufs", last.TryGetValue("lavfi.r128.I", out var loudness) ? loudness : null);
            Put(MediaCheck.Loudness, "loudness_range_lu", last.TryGetValue("lavfi.r128.LRA", out var range) ? range : null);
            var peaks = last.Where(value => value.Key.StartsWith("lavfi.r128.true_peaks_ch", StringComparison.Ordinal)).Select(value => value.Value).DefaultIfEmpty(0).Max();
            Put(MediaCheck.Loudness, "true_peak_dbfs", peaks > 0 ? 20 * Math.Log10(peaks) : null);
        }

        return metrics;

        void Put(MediaCheck check, string name, double? value)
        {
            if (wanted.Contains(check) && value is { } number && double.IsFinite(number))
            {
                metrics[name] = Math.Round(number, 4);
            }
        }

        void Sum(MediaCheck check, string kind, string name) => Put(check, name, tags.Where(tag => tag.Kind == kind).Sum(tag => tag.EndSeconds - tag.StartSeconds));
    }

    private static double? Mean(WorkFolder job, string file)
    {
        return Values(job, file).Select(value => value.Value).Where(double.IsFinite).Cast<double?>().Average();
    }

    private static IEnumerable<KeyValuePair<string, double>> Values(WorkFolder job, string file)
    {
        if (!File.Exists(job.File(file)))
        {
            yield break;
        }

        foreach (var line in File.ReadLines(job.File(file)))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && double.TryParse(line.AsSpan(equals + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                yield return new(line[..equals], value);
            }
        }
    }

    private static string Filter(MediaCheck check) => check switch
    {
        MediaCheck.Scenes => "scdet",
        MediaCheck.Black => "blackdetect",
        MediaCheck.Freeze => "freezedetect",
        MediaCheck.Silence => "silencedetect",
        MediaCheck.Loudness => "ebur128",
        MediaCheck.Blur => "blurdetect",
        MediaCheck.Noise => "bitplanenoise",
        MediaCheck.Motion => "signalstats",
        MediaCheck.Sync => "astats",
        _ => "gblur",
    };
}
