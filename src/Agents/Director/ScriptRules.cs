using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Agents.Director;

/// <summary>
/// Writes a shot list from a brief by rules, without a model: one shot for each clause, camera and light from the words that name
/// them, and what is left as the words to look for. Pure.
/// </summary>
public static partial class ScriptRules
{
    private const string AsFilmed = "as filmed";
    private const int MostShots = 12;

    private static readonly (string Word, string Meaning)[] Cameras =
    [
        ("close-up", "close-up"), ("close up", "close-up"), ("wide shot", "wide"), ("wide", "wide"), ("aerial", "aerial"), ("drone", "aerial"),
        ("slow motion", "slow motion"), ("tracking", "tracking"), ("panning", "pan"), ("handheld", "handheld"), ("timelapse", "timelapse"),
    ];

    private static readonly (string Word, string Meaning)[] Lights =
    [
        ("at night", "night"), ("night", "night"), ("sunset", "golden hour"), ("sunrise", "golden hour"), ("golden hour", "golden hour"), ("dusk", "dusk"),
        ("dawn", "dawn"), ("dark", "low key"), ("bright", "high key"), ("sunny", "daylight"), ("daylight", "daylight"), ("foggy", "diffuse"), ("moody", "low key"),
    ];

    // Words about the film rather than about what is in it.
    private static readonly HashSet<string> AboutTheFilm = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "an", "the", "of", "at", "by", "for", "to", "in", "on", "with", "and", "or", "about", "from", "into", "that", "this", "please", "make", "create", "cut", "edit", "produce",
        "build", "give", "me", "us", "show", "showing", "shows", "film", "video", "clip", "clips", "movie", "reel", "trailer", "teaser", "highlight", "highlights", "summary", "short", "long",
        "second", "seconds", "minute", "minutes", "moment", "moments", "where", "when", "everything", "best", "every", "all", "then", "finally", "first", "is", "are", "it", "its",
    };

    public static ShotList Write(string brief)
    {
        var shots = new List<Shot>();
        var target = TargetSeconds(brief);
        var clauses = Clauses().Split(brief).Select(clause => clause.Trim(' ', '\t', '"', '\'')).Where(clause => Query(clause).Length > 0).Take(MostShots).ToList();
        foreach (var clause in clauses)
            shots.Add(new Shot(shots.Count + 1, clause, Query(clause), Named(clause, Cameras), Named(clause, Lights), target is { } seconds ? Math.Round(seconds / clauses.Count, 3) : null));
        if (shots.Count == 0) shots.Add(new Shot(1, brief.Trim(), brief.Trim(), AsFilmed, AsFilmed, target));
        return new ShotList(brief, "rules", target, shots);
    }

    private static string Query(string clause) =>
        string.Join(' ', Words().Matches(Length().Replace(clause, " ")).Select(word => word.Value).Where(word => !AboutTheFilm.Contains(word)));

    private static string Named(string clause, (string Word, string Meaning)[] meanings) =>
        meanings.FirstOrDefault(meaning => clause.Contains(meaning.Word, StringComparison.OrdinalIgnoreCase)).Meaning ?? AsFilmed;

    private static double? TargetSeconds(string brief)
    {
        if (Length().Match(brief) is not { Success: true } match) return null;
        var number = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        var seconds = match.Groups["unit"].Value.StartsWith("m", StringComparison.OrdinalIgnoreCase) ? number * 60 : number;
        return seconds is >= 1 and <= 3_600 ? seconds : null;
    }

    [GeneratedRegex(@"[.;:!?\n]+\s*|,\s*(?:and\s+)?(?:then\s+)?|\s+(?:and\s+)?then\s+|\s+followed by\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Clauses();

    [GeneratedRegex(@"[\p{L}\p{N}][\p{L}\p{N}'’-]*")]
    private static partial Regex Words();

    [GeneratedRegex(@"\b(?<number>\d{1,4})[\s-]*(?<unit>seconds?|secs?|s|minutes?|mins?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Length();
}
