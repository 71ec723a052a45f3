using Pipeline.Tools.Media.Analyze;

namespace Pipeline.Tools.Media;

/// <summary>An analysis as the numbers that plans compare: those that were measured, and shares of the whole length.</summary>
public static class QualityMetrics
{
    /// <summary>The analysis' own metrics, <c>cleanness</c> (1 less the noise), <c>scenes</c>, <c>black_share</c>, <c>freeze_share</c>, <c>silence_share</c>.</summary>
    public static IReadOnlyDictionary<string, double> Of(Analysis analysis, double? durationSeconds)
    {
        var metrics = new Dictionary<string, double>(analysis.Metrics, StringComparer.Ordinal);
        if (metrics.TryGetValue("noise", out var noise))
        {
            metrics["cleanness"] = Math.Round(1 - noise, 4);
        }

        if (metrics.TryGetValue("scene_count", out var scenes))
        {
            metrics["scenes"] = scenes;
        }

        foreach (var (seconds, share) in new[] { ("black_seconds", "black_share"), ("frozen_seconds", "freeze_share"), ("silent_seconds", "silence_share") })
        {
            if (durationSeconds > 0 && metrics.TryGetValue(seconds, out var found))
            {
                metrics[share] = Math.Round(Math.Clamp(found / durationSeconds.Value, 0, 1), 4);
            }
        }

        return metrics;
    }
}
