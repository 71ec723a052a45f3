using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>Turns what analyze_media measures into the metrics that capabilities promise.</summary>
public static class Quality
{
    private static readonly string[] Checks = ["sharpness", "noise", "loudness"];

    private static readonly (string Seconds, string Share)[] Shares = [("black_seconds", "black_share"), ("frozen_seconds", "freeze_share"), ("silent_seconds", "silence_share")];

    /// <summary>Measures what this step just wrote, under its lock.</summary>
    internal static async Task<JsonObject> MeasureAsync(StepWork work, string asset, OutputLock held, CancellationToken ct) =>
        Promised(await work.WriteAsync("analyze_media", new { asset, checks = Checks }, held, "measure", ct).ConfigureAwait(false), "metrics", null);

    /// <summary>The metrics after a change under their own names, and those before it with <c>_before</c>.</summary>
    public static JsonObject BeforeAndAfter(JsonObject answer)
    {
        var metrics = Promised(answer, "metrics_after", null);
        foreach (var (name, value) in Promised(answer, "metrics_before", null)) metrics[name + "_before"] = value?.DeepClone();
        return metrics;
    }

    /// <summary>A copy of what in it is a number.</summary>
    public static JsonObject Numbers(JsonObject metrics) =>
        new(metrics.Where(metric => Wire.AsNumber(metric.Value) is not null).Select(metric => KeyValuePair.Create(metric.Key, metric.Value?.DeepClone())));

    /// <summary>
    /// The numbers of one object of an answer; texts, lists and nulls are left out. Noise is told as cleanness (1 - noise), scene_count
    /// as scenes, and stretches in seconds also as shares of the whole.
    /// </summary>
    /// <param name="durationSeconds">Length of the media; null to leave shares out.</param>
    public static JsonObject Promised(JsonObject answer, string name, double? durationSeconds)
    {
        var metrics = Numbers(answer[name] as JsonObject ?? []);
        if (metrics.Number("noise") is { } noise) metrics["cleanness"] ??= Math.Round(1 - noise, 4);
        if (metrics.Number("scene_count") is { } scenes) metrics["scenes"] ??= (long)scenes;
        foreach (var (seconds, share) in Shares)
            if (durationSeconds > 0 && metrics.Number(seconds) is { } length) metrics[share] ??= Math.Round(Math.Min(1, length / durationSeconds.Value), 4);
        return metrics;
    }
}
