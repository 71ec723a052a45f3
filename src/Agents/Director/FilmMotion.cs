namespace Pipeline.Agents.Director;

/// <summary>Motion: two takes of each shot by competing models, from the same prompt and the same pinned references, and a verdict between them.</summary>
internal static class FilmMotion
{
    public static IEnumerable<object> Steps(FilmPlan film)
    {
        var (first, second) = film.Casting.Rivals();
        foreach (var shot in film.Shots)
        {
            yield return Take(film, shot, "a", first, 1);
            yield return Take(film, shot, "b", second, 2);
            yield return Pick(film, shot);
            yield return Again(film, shot, film.Casting.For("generate_video"));
        }
    }

    private static object Take(FilmPlan film, Shot shot, string take, IReadOnlyList<string>? models, int seed)
    {
        string[] needs = [$"key-{shot.Number}", .. film.SubjectsOf(shot)];
        return new
        {
            id = $"take-{shot.Number}-{take}",
            capability = "generate_video",
            needs,
            inputs = Inputs(film, shot, FilmPlan.Literal(FilmFoundation.Prompt(film, shot)), take, seed),
            models,
            tier = "draft",
            expect = new { media_seconds = shot.Seconds },
        };
    }

    private static object Pick(FilmPlan film, Shot shot) => new
    {
        id = $"pick-{shot.Number}",
        capability = "compare",
        needs = new[] { $"take-{shot.Number}-a", $"take-{shot.Number}-b" },
        inputs = new
        {
            candidates = new[] { FilmPlan.Made($"take-{shot.Number}-a"), FilmPlan.Made($"take-{shot.Number}-b") },
            prompt = FilmPlan.Literal(FilmFoundation.Prompt(film, shot)),
            references = References(film, shot),
            output = film.Paths.Comparison(shot.Number),
        },
        quality = new { metric = "score", min = film.Request.Standards.MinTakeScore, on_fail = new { route_to = $"again-{shot.Number}", max = film.Request.Standards.MaxPasses } },
        expect = new { media_seconds = shot.Seconds },
    };

    // Another pass, for a shot of which no take will do: asked for in the words of whoever judged it, by whichever model comes next.
    private static object Again(FilmPlan film, Shot shot, IReadOnlyList<string>? models) => new
    {
        id = $"again-{shot.Number}",
        capability = "generate_video",
        needs = new[] { $"key-{shot.Number}" }.Concat(film.SubjectsOf(shot)),
        inputs = Inputs(film, shot, "${source.outputs.retake_prompt}", "c", 3),
        models = models?.Reverse(),
        tier = "draft",
        expect = new { probability = 0.1, media_seconds = shot.Seconds },
    };

    private static object Inputs(FilmPlan film, Shot shot, string prompt, string take, int seed) => new
    {
        prompt,
        references = References(film, shot),
        duration_seconds = shot.Seconds,
        width = film.Size.Width,
        height = film.Size.Height,
        parameters = new { seed = (shot.Number * 10) + seed },
        output = film.Paths.Take(shot.Number, take),
    };

    private static string[] References(FilmPlan film, Shot shot) => [FilmPlan.Made($"key-{shot.Number}"), .. film.SubjectsOf(shot).Select(FilmPlan.Made)];
}
