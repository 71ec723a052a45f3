using System.Text.Json.Nodes;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>Measures a generated take: its length, its picture or sound, and the score of it all.</summary>
internal static class TakeMeasure
{
    private static readonly string[] OfFilms = ["sharpness", "noise", "motion", "black", "freeze", "loudness"];
    private static readonly string[] OfImages = ["sharpness", "noise"];
    private static readonly string[] OfSounds = ["loudness", "silence"];

    /// <summary>The metrics of one version. Its path is locked for as long as it takes.</summary>
    /// <param name="held">The lock when this step has it already.</param>
    /// <param name="purpose">Tells this look from the step's others.</param>
    public static async Task<JsonObject> LookAsync(StepWork work, string asset, OutputLock? held, string purpose, CancellationToken ct)
    {
        var streams = Streams.From(await work.ReadAsync("probe_media", new { asset }, ct).ConfigureAwait(false));
        var isFilm = streams is { HasVideo: true, DurationSeconds: > 0.1 };
        var checks = isFilm ? OfFilms : streams.HasVideo ? OfImages : OfSounds;
        var own = held is null ? await work.LockAsync(asset, ct).ConfigureAwait(false) : null;
        JsonObject metrics;
        try
        {
            metrics = Quality.Promised(await work.WriteAsync("analyze_media", new { asset, checks }, held ?? own!, purpose, ct).ConfigureAwait(false), "metrics", streams.DurationSeconds);
        }
        finally
        {
            if (own is not null) await own.DisposeAsync().ConfigureAwait(false);
        }

        if (isFilm || !streams.HasVideo) metrics["duration_seconds"] = streams.PictureSeconds ?? streams.DurationSeconds;
        // The router measures models by their results' quality.
        if (TakeScore.Of(metrics) is { } score) (metrics["score"], metrics["quality"]) = (score, score);
        return metrics;
    }
}
