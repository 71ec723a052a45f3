namespace Pipeline.Agents.Director;

/// <summary>One shot of the script.</summary>
/// <param name="Number">From 1, in the order of the film.</param>
/// <param name="Description">What the brief asks to be seen or heard.</param>
/// <param name="Query">The words by which footage for it is looked for.</param>
/// <param name="Camera">Framing and movement; <c>as filmed</c> when the brief does not say.</param>
/// <param name="Lighting">Light and mood; <c>as filmed</c> when the brief does not say.</param>
/// <param name="Seconds">How long it may last; null when the footage decides.</param>
public sealed record Shot(int Number, string Description, string Query, string Camera, string Lighting, double? Seconds);

/// <summary>The script as data: what every later step works from.</summary>
/// <param name="Method"><c>rules</c>, or the model that wrote it.</param>
public sealed record ShotList(string Brief, string Method, double? TargetSeconds, IReadOnlyList<Shot> Shots)
{
    /// <summary>All that is looked for, as one question of at most 1,000 characters.</summary>
    public string Query()
    {
        var words = string.Join(' ', Shots.Select(shot => shot.Query).Where(query => query.Length > 0));
        if (words.Length == 0) words = Brief;
        return words.Length <= 1_000 ? words : words[..1_000];
    }
}
