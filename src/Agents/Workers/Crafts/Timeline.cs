namespace Pipeline.Agents.Workers.Crafts;

/// <summary>A clip to be laid onto a timeline.</summary>
/// <param name="StartSeconds">Where in the asset it begins.</param>
/// <param name="EndSeconds">Where in the asset it ends.</param>
/// <param name="Caption">What is written under it; null for nothing.</param>
public sealed record Clip(string Asset, double StartSeconds, double EndSeconds, string? Caption)
{
    public double Seconds => EndSeconds - StartSeconds;
}

/// <summary>A clip with its place on the timeline.</summary>
public sealed record PlacedClip(double AtSeconds, Clip Clip);

/// <summary>Words with their place on the timeline.</summary>
public sealed record PlacedCaption(double StartSeconds, double EndSeconds, string Text);

/// <summary>Clips end to end, with captions that keep to their clip. Pure.</summary>
public sealed record Timeline(IReadOnlyList<PlacedClip> Clips, IReadOnlyList<PlacedCaption> Captions, double Seconds)
{
    /// <summary>The longest caption shown at once: two lines of television text.</summary>
    public const int LongestCaption = 84;

    private const double ShortestCaptionSeconds = 0.7;

    public static Timeline EndToEnd(IEnumerable<Clip> clips)
    {
        var placed = new List<PlacedClip>();
        var captions = new List<PlacedCaption>();
        var at = 0.0;
        foreach (var clip in clips)
        {
            placed.Add(new PlacedClip(at, clip));
            if (clip.Caption is { } text) captions.AddRange(Spread(text, at, clip.Seconds));
            at += clip.Seconds;
        }

        return new Timeline(placed, captions, at);
    }

    /// <summary>A text as captions of bearable length that share the time by their letters; what would flash by too fast is dropped from the end.</summary>
    public static IReadOnlyList<PlacedCaption> Spread(string text, double at, double seconds)
    {
        var lines = Lines(text);
        var most = Math.Max(1, (int)(seconds / ShortestCaptionSeconds));
        if (lines.Count > most) lines = lines[..most];
        var letters = lines.Sum(line => line.Length);
        var captions = new List<PlacedCaption>();
        foreach (var line in lines)
        {
            var share = seconds * line.Length / letters;
            captions.Add(new PlacedCaption(Math.Round(at, 3), Math.Round(at + share, 3), line));
            at += share;
        }

        return captions;
    }

    private static List<string> Lines(string text)
    {
        var lines = new List<string>();
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && lines[^1].Length + word.Length + 1 <= LongestCaption) lines[^1] += " " + word;
            else lines.Add(word.Length <= LongestCaption ? word : word[..LongestCaption]);
        }

        return lines;
    }
}
