namespace Pipeline.Agents.Director;

/// <summary>Enhancement of every winner, fusion of picture, sound and captions, the final check, delivery.</summary>
internal static class FilmFinish
{
    private const double ScoreGain = -16;
    private const double EffectGain = -10;

    // Picture and sound end within one frame of a film of 30 frames a second.
    private const double MostDriftSeconds = 0.0333;

    public static IEnumerable<object?> Steps(FilmPlan film)
    {
        foreach (var shot in film.Shots)
            foreach (var step in Enhance(film, shot)) yield return step;
        yield return Fuse(film);
        yield return new
        {
            id = "check",
            capability = "check",
            needs = new[] { "compose" },
            inputs = new
            {
                asset = FilmPlan.Made("compose"),
                expected_duration_seconds = "${steps.draft.metrics.duration_seconds}",
                max_drift_seconds = MostDriftSeconds,
            },
            quality = new { metric = "passed", min = 1, on_fail = "fail" },
        };
        yield return new
        {
            id = "sheet",
            capability = "contact_sheet",
            needs = new[] { "compose" },
            inputs = new { asset = FilmPlan.Made("compose"), output = film.Request.ContactSheet },
        };
        yield return new
        {
            id = "deliver",
            capability = "deliver",
            needs = new[] { "check", "sheet" },
            inputs = new { asset = FilmPlan.Made("compose"), path = film.Request.ExportPath },
        };
        yield return film.Request.NotifyEvent is not { } kind ? null : new
        {
            id = "notify",
            capability = "notify",
            needs = new[] { "deliver" },
            inputs = new { @event = kind, payload = new { asset = FilmPlan.Made("deliver"), sha256 = "${steps.deliver.outputs.sha256}" } },
        };
    }

    // Only what needs it is denoised; the expensive work begins with the winners, never with every take.
    private static IEnumerable<object> Enhance(FilmPlan film, Shot shot)
    {
        var n = shot.Number;
        yield return new
        {
            id = $"denoise-{n}",
            capability = "denoise",
            needs = new[] { $"pick-{n}" },
            when = FormattableString.Invariant($"steps.pick-{n}.metrics.cleanness < {film.Request.Standards.MinCleanness}"),
            inputs = new { asset = FilmPlan.Made($"pick-{n}"), strength = 0.4, output = film.Paths.Finished(n, "clean") },
            tier = "delivery",
            expect = new { probability = 0.2, media_seconds = shot.Seconds },
        };
        yield return new
        {
            id = $"upscale-{n}",
            capability = "upscale",
            needs = new[] { $"denoise-{n}", "draft" },
            inputs = new { asset = $"${{coalesce(steps.denoise-{n}.outputs.asset, steps.pick-{n}.outputs.asset)}}", factor = film.Size.Factor, output = film.Paths.Finished(n, "large") },
            tier = "delivery",
            expect = new { media_seconds = shot.Seconds },
        };
        yield return new
        {
            id = $"grade-{n}",
            capability = "grade",
            needs = new[] { $"upscale-{n}" },
            inputs = new { asset = FilmPlan.Made($"upscale-{n}"), look = Look(shot.Lighting), strength = 0.7, output = film.Paths.Finished(n, "graded") },
            tier = "delivery",
            expect = new { media_seconds = shot.Seconds },
        };
    }

    private static object Fuse(FilmPlan film)
    {
        var lines = film.Shots.Where(shot => shot.Dialogue is not null).ToList();
        var effects = film.Shots.Where(shot => shot.Sound is not null).ToList();
        return new
        {
            id = "compose",
            capability = "compose",
            needs = film.Shots.Select(shot => $"grade-{shot.Number}").Append("score")
                .Concat(lines.Select(shot => $"when-line-{shot.Number}"))
                .Concat(effects.SelectMany(shot => new[] { $"when-effect-{shot.Number}", $"effect-{shot.Number}" })),
            inputs = new
            {
                clips = film.Shots.Select(shot => FilmPlan.Made($"grade-{shot.Number}")),
                audio = lines.Select(shot => Placed($"line-{shot.Number}", $"when-line-{shot.Number}", 0))
                    .Concat(effects.Select(shot => Placed($"effect-{shot.Number}", $"when-effect-{shot.Number}", EffectGain)))
                    .Append(new { asset = FilmPlan.Made("score"), start_seconds = "${0}", gain_db = ScoreGain }),
                captions = lines.Count == 0 ? null : lines.Select(shot => new
                {
                    start_seconds = $"${{steps.when-line-{shot.Number}.outputs.hits[0].start_seconds}}",
                    end_seconds = $"${{steps.when-line-{shot.Number}.outputs.hits[0].end_seconds}}",
                    text = FilmPlan.Literal(shot.Dialogue!),
                }),
                loudness_lufs = film.Request.Standards.LoudnessLufs,
                output = film.Request.Delivery,
            },
            expect = new { media_seconds = film.Shots.Sum(shot => shot.Seconds ?? 0) },
        };
    }

    private static object Placed(string sound, string when, double gain) =>
        new { asset = FilmPlan.Made(sound), start_seconds = $"${{steps.{when}.outputs.hits[0].start_seconds}}", gain_db = gain };

    private static string Look(string light) => light switch
    {
        "golden hour" or "daylight" => "warm",
        "night" or "dusk" or "dawn" => "cool",
        "low key" => "high_contrast",
        _ => "neutral",
    };
}
