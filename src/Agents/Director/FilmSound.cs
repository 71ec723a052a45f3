namespace Pipeline.Agents.Director;

/// <summary>
/// Sound: lines are spoken, effects and a score are made. The draft cut is indexed with what is said and shown when, by the measured
/// lengths; every sound then asks the index for its moment.
/// </summary>
internal static class FilmSound
{
    private static readonly string[] Script = ["script"];
    private static readonly string[] Tags = ["frame_tag"];

    // Into the shot, before somebody speaks.
    private const double Breath = 0.4;

    public static IEnumerable<object> Steps(FilmPlan film)
    {
        foreach (var shot in film.Shots.Where(shot => shot.Dialogue is not null)) yield return Line(film, shot);
        foreach (var shot in film.Shots.Where(shot => shot.Sound is not null)) yield return Effect(film, shot);
        yield return Score(film);
        yield return Draft(film);
        yield return Index(film);
        foreach (var shot in film.Shots.Where(shot => shot.Dialogue is not null)) yield return Find(film, $"when-line-{shot.Number}", shot.Dialogue!, "line");
        foreach (var shot in film.Shots.Where(shot => shot.Sound is not null)) yield return Find(film, $"when-effect-{shot.Number}", shot.Description, "shot");
    }

    private static object Line(FilmPlan film, Shot shot) => new
    {
        id = $"line-{shot.Number}",
        capability = "speech",
        inputs = new { text = FilmPlan.Literal(shot.Dialogue!), output = film.Paths.Sound($"line-{shot.Number}") },
        models = film.Casting.For("speech"),
        expect = new { media_seconds = 3 },
    };

    private static object Effect(FilmPlan film, Shot shot) => new
    {
        id = $"effect-{shot.Number}",
        capability = "generate_audio",
        inputs = new { prompt = FilmPlan.Literal($"Sound effect: {shot.Sound}"), duration_seconds = shot.Seconds, output = film.Paths.Sound($"effect-{shot.Number}") },
        models = film.Casting.For("generate_audio"),
        tier = "draft",
    };

    private static object Score(FilmPlan film) => new
    {
        id = "score",
        capability = "generate_audio",
        inputs = new { prompt = FilmPlan.Literal($"Film score: {Mood(film)}"), duration_seconds = film.Shots.Sum(shot => shot.Seconds ?? 0), output = film.Paths.Sound("score") },
        models = film.Casting.For("generate_audio"),
        tier = "draft",
    };

    private static object Draft(FilmPlan film) => new
    {
        id = "draft",
        capability = "compose",
        needs = film.Shots.Select(shot => $"pick-{shot.Number}"),
        inputs = new { clips = film.Shots.Select(shot => FilmPlan.Made($"pick-{shot.Number}")), output = film.Paths.Draft },
        approval = film.Request.NeedsApproval ? true : (bool?)null,
        expect = new { media_seconds = film.Shots.Sum(shot => shot.Seconds ?? 0) },
    };

    // Measured, not planned: a model may give a frame more or less than it was asked for.
    private static object Index(FilmPlan film)
    {
        var lines = film.Shots.Where(shot => shot.Dialogue is not null).ToList();
        string[] needs = ["draft", .. lines.Select(shot => $"line-{shot.Number}")];
        return new
        {
            id = "script",
            capability = "index",
            needs,
            inputs = new
            {
                asset = FilmPlan.Made("draft"),
                source = "script",
                tags = film.Shots.Select(shot => Tag(shot, "shot", shot.Description, 0, $"{FilmPlan.StartOf(shot.Number + 1)}"))
                    .Concat(lines.Select(shot => Tag(shot, "line", shot.Dialogue!, Breath, $"{FilmPlan.StartOf(shot.Number, Breath)} + steps.line-{shot.Number}.metrics.duration_seconds"))),
            },
        };
    }

    private static object Tag(Shot shot, string label, string text, double after, string end) => new
    {
        start_seconds = $"${{min({FilmPlan.StartOf(shot.Number, after)}, steps.draft.metrics.duration_seconds - 0.1)}}",
        // A shot that was given up has no length; the index wants some.
        end_seconds = $"${{min(max({end}, {FilmPlan.StartOf(shot.Number, after)} + 0.1), steps.draft.metrics.duration_seconds)}}",
        text = FilmPlan.Literal(text),
        label,
    };

    private static object Find(FilmPlan film, string id, string words, string label) => new
    {
        id,
        capability = "query",
        needs = Script,
        inputs = new { query = FilmPlan.Literal(Bounded(words)), asset = film.Paths.Draft, kinds = Tags, filter = new { label }, limit = 1 },
    };

    private static string Bounded(string words) => words.Length <= 1_000 ? words : words[..1_000];

    private static string Mood(FilmPlan film) => string.Join(", ", film.Shots.Select(shot => shot.Lighting).Where(light => light is not ("" or "as filmed")).Distinct().DefaultIfEmpty("calm"));
}
