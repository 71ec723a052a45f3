namespace Pipeline.Agents.Director;

/// <summary>The visual foundation: a picture of each character and place, and a key frame of each shot.</summary>
internal static class FilmFoundation
{
    public static IEnumerable<object> Steps(FilmPlan film)
    {
        var models = film.Casting.For("generate_image");
        foreach (var subject in film.Script.Subjects)
            yield return new
            {
                id = $"ref-{FilmPaths.Slug(subject.Name)}",
                capability = "generate_image",
                inputs = new
                {
                    prompt = FilmPlan.Literal($"{(subject.Kind == "place" ? "Establishing view of a place" : "Character sheet, front and side")}: {subject.Name}{(subject.Looks.Length > 0 ? $", {subject.Looks}" : "")}"),
                    width = film.Size.Width,
                    height = film.Size.Height,
                    output = film.Paths.Reference(FilmPaths.Slug(subject.Name)),
                },
                models,
                tier = "draft",
            };
        foreach (var shot in film.Shots)
            yield return new
            {
                id = $"key-{shot.Number}",
                capability = "generate_image",
                inputs = new
                {
                    prompt = FilmPlan.Literal(Prompt(film, shot)),
                    width = film.Size.Width,
                    height = film.Size.Height,
                    output = film.Paths.Keyframe(shot.Number),
                },
                models,
                tier = "draft",
            };
    }

    /// <summary>What a shot shows, in words for a model.</summary>
    public static string Prompt(FilmPlan film, Shot shot)
    {
        string[] looks = [.. film.Script.Subjects.Where(subject => shot.Shows.Contains(subject.Name) && subject.Looks.Length > 0).Select(subject => $"{subject.Name}: {subject.Looks}")];
        string[] parts = [shot.Description, Said("Camera", shot.Camera), Said("Light", shot.Lighting), .. looks];
        return string.Join(". ", parts.Where(part => part.Length > 0));
    }

    private static string Said(string what, string value) => value is "" or "as filmed" ? "" : $"{what}: {value}";
}
