using System.Text.RegularExpressions;

namespace Pipeline.Agents.Director;

/// <summary>
/// Writes the script of a generated film from a brief by rules, without a model. Lines that begin with <c>Characters:</c> or <c>Places:</c>
/// name who must look the same throughout (<c>Name, looks; Name, looks</c>); every other sentence is a shot, what stands in quotes is
/// spoken in it. Pure.
/// </summary>
public static partial class ScreenplayRules
{
    private const int MostShots = 12;
    private const int MostSubjects = 6;
    private const double UsualSeconds = 4;
    private const double LeastSeconds = 2;
    private const double MostSeconds = 12;

    // Flite says about so many words a second; a breath before and after.
    private const double WordsASecond = 2.2;
    private const double BreathSeconds = 0.8;

    private static readonly string[] Sounds = ["waves", "sea", "storm", "thunder", "rain", "wind", "birds", "crowd", "traffic", "fire", "engine", "steps", "river"];

    public static ShotList Write(string brief)
    {
        var subjects = new List<Subject>();
        var body = Header().Replace(brief, match =>
        {
            subjects.AddRange(Named(match.Groups["who"].Value, match.Groups["list"].Value));
            return "\n";
        });
        var about = ScriptRules.Write(WithoutSpeech(body));
        var sentences = Sentences(body).ToList();
        if (sentences.Count == 0) sentences = [brief.Trim()];
        IReadOnlyList<Subject> known = [.. subjects.DistinctBy(subject => subject.Name, StringComparer.OrdinalIgnoreCase).Take(MostSubjects)];
        var share = about.TargetSeconds / sentences.Count;
        var shots = sentences.Select((sentence, i) => Shot(i + 1, sentence, known, share)).ToList();
        return new ShotList(brief, "rules", shots.Sum(shot => shot.Seconds), shots) { Subjects = known };
    }

    private static Shot Shot(int number, string sentence, IReadOnlyList<Subject> subjects, double? share)
    {
        var spoken = string.Join(' ', Speech().Matches(sentence).Select(match => match.Groups["said"].Value.Trim()));
        var seen = Says().Replace(WithoutSpeech(sentence), " ").Trim(' ', ',', '.', ':', ';', '!', '?');
        if (seen.Length == 0) seen = sentence.Trim();
        var look = ScriptRules.Write(Marks().Replace(seen, " ")).Shots[0];
        var needed = spoken.Length == 0 ? 0 : (spoken.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length / WordsASecond) + BreathSeconds;
        return look with
        {
            Number = number,
            Description = seen,
            Seconds = Math.Round(Math.Clamp(Math.Max(share ?? UsualSeconds, needed), LeastSeconds, MostSeconds) * 2, MidpointRounding.AwayFromZero) / 2,
            Dialogue = spoken.Length == 0 ? null : spoken,
            Shows = [.. subjects.Where(subject => sentence.Contains(subject.Name, StringComparison.OrdinalIgnoreCase)).Select(subject => subject.Name)],
            Sound = Sounds.FirstOrDefault(sound => Regex.IsMatch(seen, $@"\b{sound}\b", RegexOptions.IgnoreCase)),
        };
    }

    private static IEnumerable<Subject> Named(string who, string list)
    {
        var kind = who.StartsWith("pl", StringComparison.OrdinalIgnoreCase) ? "place" : "character";
        foreach (var one in list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var comma = one.IndexOf(',', StringComparison.Ordinal);
            var name = Article().Replace(comma < 0 ? one : one[..comma], "").Trim(' ', '.');
            if (name.Length > 0) yield return new Subject(name, kind, comma < 0 ? "" : one[(comma + 1)..].Trim(' ', '.'));
        }
    }

    // A sentence ends at its mark, at a line's end, or where the next shot is announced; never inside what is spoken.
    private static IEnumerable<string> Sentences(string body)
    {
        var kept = new List<string>();
        var hidden = Speech().Replace(body, match =>
        {
            kept.Add(match.Value);
            return $"\u0001{kept.Count - 1}\u0001";
        });
        // Where shots are announced, a shot may run over several lines.
        var lines = ShotMark().IsMatch(hidden) ? ShotMark().Split(hidden.ReplaceLineEndings(" ")) : End().Split(hidden.ReplaceLineEndings("\n")).SelectMany(part => part.Split('\n'));
        return lines.Select(line => line.Trim())
            .Select(sentence => Hidden().Replace(sentence, match => kept[int.Parse(match.Groups["at"].Value, System.Globalization.CultureInfo.InvariantCulture)]).Trim())
            .Where(sentence => Letter().IsMatch(sentence) && !AboutTheFilm().IsMatch(sentence))
            .Take(MostShots);
    }

    private static string WithoutSpeech(string text) => Speech().Replace(text, " ");

    [GeneratedRegex(@"^[ \t]*(?<who>characters?|places?)[ \t]*:[ \t]*(?<list>[^\n]+)$", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Header();

    [GeneratedRegex("[\"\u201c](?<said>[^\"\u201c\u201d\n]{1,400})[\"\u201d]")]
    private static partial Regex Speech();

    // "Mara says:", "a voice says", "Narrator:" before what is spoken.
    [GeneratedRegex(@"(?:(?:(?:^|[.,;:!?]\s*)(?:[\p{L}'’-]+\s+){1,3}|\s+(?:and|who)\s+)(?:says|said|whispers|shouts|asks|tells)\b\s*:?|\b(?:narrator|voice[- ]?over)\s*:?)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Says();

    [GeneratedRegex(@"[.,;:!?\n]+")]
    private static partial Regex Marks();

    [GeneratedRegex(@"\b(?:shot|scene)\s+\d+\s*[:.\-]\s*", RegexOptions.IgnoreCase)]
    private static partial Regex ShotMark();

    [GeneratedRegex("(?<=[.!?;])\\s+|(?<=\u0001)\\s+(?=\\p{Lu})")]
    private static partial Regex End();

    [GeneratedRegex("\u0001(?<at>\\d+)\u0001")]
    private static partial Regex Hidden();

    [GeneratedRegex(@"\p{L}")]
    private static partial Regex Letter();

    [GeneratedRegex(@"^(?:make|create|produce|give|an?|the)?\s*[\w -]{0,30}\b(?:film|video|trailer|clip|teaser|movie)\b[^\u0001]{0,60}$", RegexOptions.IgnoreCase)]
    private static partial Regex AboutTheFilm();

    [GeneratedRegex(@"^(?:the|an?)\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Article();
}
