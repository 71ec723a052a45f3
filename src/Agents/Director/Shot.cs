namespace Pipeline.Agents.Director;

/// <summary>One shot of the script.</summary>
/// <param name="Number">From 1, in the order of the film.</param>
/// <param name="Description">What the brief asks to be seen or heard.</param>
/// <param name="Query">The words by which footage for it is looked for.</param>
/// <param name="Camera">Framing and movement; <c>as filmed</c> when the brief does not say.</param>
/// <param name="Lighting">Light and mood; <c>as filmed</c> when the brief does not say.</param>
/// <param name="Seconds">How long it may last; null when the footage decides.</param>
public sealed record Shot(int Number, string Description, string Query, string Camera, string Lighting, double? Seconds)
{
    /// <summary>What is said in it; null when nothing is.</summary>
    public string? Dialogue { get; init; }

    /// <summary>The names of <see cref="ShotList.Subjects"/> that are seen in it.</summary>
    public IReadOnlyList<string> Shows { get; init; } = [];

    /// <summary>What is heard in it besides words, such as <c>waves</c>; null when the brief does not say.</summary>
    public string? Sound { get; init; }
}

/// <summary>A character or a place that must look the same in every shot that shows it.</summary>
/// <param name="Kind"><c>character</c> or <c>place</c>.</param>
/// <param name="Looks">In words, as far as the brief says.</param>
public sealed record Subject(string Name, string Kind, string Looks);

/// <summary>The script as data: what every later step works from.</summary>
/// <param name="Method"><c>rules</c>, or the model that wrote it.</param>
public sealed record ShotList(string Brief, string Method, double? TargetSeconds, IReadOnlyList<Shot> Shots)
{
    /// <summary>Who and what is seen in more than one shot, or is described on its own. Only generated films have some.</summary>
    public IReadOnlyList<Subject> Subjects { get; init; } = [];

    /// <summary>All that is looked for, as one question of at most 1,000 characters.</summary>
    public string Query()
    {
        var words = string.Join(' ', Shots.Select(shot => shot.Query).Where(query => query.Length > 0));
        if (words.Length == 0) words = Brief;
        return words.Length <= 1_000 ? words : words[..1_000];
    }
}
