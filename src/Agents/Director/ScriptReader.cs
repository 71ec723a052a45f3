using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Director;

/// <summary>Reads the script that a model wrote for a generated film and says everything that is wrong with it. Pure.</summary>
public static class ScriptReader
{
    private const int MostShots = 12;
    private const int MostSubjects = 6;
    private const int LongestText = 1_000;
    private const double LeastSeconds = 2;
    private const double MostSeconds = 12;

    /// <summary>The script, or null with the problems.</summary>
    public static ShotList? Read(JsonObject answer, string brief, string model, out IReadOnlyList<string> problems)
    {
        var wrong = new List<string>();
        var subjects = answer.Objects("subjects").Select(one => new Subject(one.Text("name")?.Trim() ?? "", one.Text("kind") ?? "character", one.Text("looks") ?? "")).ToList();
        var shots = answer.Objects("shots").Select((one, i) => Shot(one, i + 1)).ToList();
        if (shots.Count is 0 or > MostShots) wrong.Add($"A script here has 1 to {MostShots} shots, not {shots.Count}.");
        if (subjects.Count > MostSubjects) wrong.Add($"At most {MostSubjects} subjects, not {subjects.Count}.");
        if (subjects.Exists(subject => subject.Name.Length == 0 || subject.Kind is not ("character" or "place"))) wrong.Add("A subject has a name, and a kind that is character or place.");
        if (subjects.Select(subject => FilmPaths.Slug(subject.Name)).Distinct().Count() < subjects.Count) wrong.Add("Two subjects have the same name.");
        foreach (var shot in shots) wrong.AddRange(Problems(shot, subjects));
        problems = wrong;
        return wrong.Count > 0 ? null : new ShotList(brief, model, shots.Sum(shot => shot.Seconds), shots) { Subjects = subjects };
    }

    private static Shot Shot(JsonObject one, int number) =>
        new(number, one.Text("description")?.Trim() ?? "", one.Text("description") ?? "", one.Text("camera") ?? "as filmed", one.Text("lighting") ?? "as filmed", one.Number("seconds"))
        {
            Dialogue = one.Text("dialogue") is { } said && !string.IsNullOrWhiteSpace(said) ? said.Trim() : null,
            Sound = one.Text("sound") is { } heard && !string.IsNullOrWhiteSpace(heard) ? heard.Trim() : null,
            Shows = [.. one.Texts("shows")],
        };

    private static IEnumerable<string> Problems(Shot shot, List<Subject> subjects)
    {
        if (shot.Description.Length is 0 or > LongestText) yield return $"shot {shot.Number}: its description has 1 to {LongestText} characters.";
        if (shot.Dialogue?.Length > LongestText) yield return $"shot {shot.Number}: its dialogue has at most {LongestText} characters.";
        if (!(shot.Seconds is >= LeastSeconds and <= MostSeconds)) yield return FormattableString.Invariant($"shot {shot.Number}: seconds is a number from {LeastSeconds} to {MostSeconds}.");
        foreach (var name in shot.Shows.Where(name => !subjects.Exists(subject => subject.Name == name))) yield return $"shot {shot.Number}: it shows '{name}', which is no subject.";
    }
}
