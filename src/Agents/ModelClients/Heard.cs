using System.Globalization;
using System.Text;

namespace Pipeline.Agents.ModelClients;

/// <summary>One stretch of speech.</summary>
public sealed record HeardCue(TimeSpan Start, TimeSpan End, string Text);

/// <summary>What was said, and when.</summary>
public sealed record Heard(string? Language, IReadOnlyList<HeardCue> Cues)
{
    /// <summary>As WebVTT. Speech cannot end or begin a cue: line breaks become spaces and arrows are taken apart.</summary>
    public string WebVtt()
    {
        var text = new StringBuilder("WEBVTT\n");
        foreach (var cue in Cues.Where(cue => cue.End > cue.Start && cue.Text.Length > 0))
        {
            var words = string.Join(' ', cue.Text.Replace("-->", "-- >", StringComparison.Ordinal).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            text.Append(CultureInfo.InvariantCulture, $"\n{At(cue.Start)} --> {At(cue.End)}\n{words}\n");
        }

        return text.ToString();
    }

    private static string At(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours:D2}:{time.Minutes:D2}:{time.Seconds:D2}.{time.Milliseconds:D3}");
}
