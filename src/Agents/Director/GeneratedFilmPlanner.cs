using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Director;

/// <summary>
/// Writes the plan of a film that is generated from its script, by rules: reference pictures of who and where, a key frame for each shot,
/// two models that compete for each shot's motion and a verdict between them, speech, effects and a score placed through the index,
/// enhancement, fusion, check and delivery. Pure.
/// </summary>
public static class GeneratedFilmPlanner
{
    private static readonly string[] Deliverables = ["deliver"];

    /// <summary>The plan as create_plan takes it.</summary>
    public static JsonObject Write(PlanRequest request, ShotList script, Casting casting)
    {
        var film = new FilmPlan(request, script, casting);
        List<object?> steps = [.. FilmFoundation.Steps(film), .. FilmMotion.Steps(film), .. FilmSound.Steps(film), .. FilmFinish.Steps(film)];
        return Wire.Object(new { name = request.Name, deliverables = Deliverables, steps = steps.Where(step => step is not null) });
    }
}

/// <summary>What the parts of the planner work from.</summary>
internal sealed record FilmPlan(PlanRequest Request, ShotList Script, Casting Casting)
{
    public FilmPaths Paths { get; } = new(Request.Workspace, Request.Name);

    public IReadOnlyList<Shot> Shots => Script.Shots;

    public FilmSize Size => Request.Size;

    /// <summary>Where a shot begins on the timeline, measured: the lengths of the takes before it. A shot that was given up takes no time.</summary>
    public static string StartOf(int shot, double plus = 0) => shot == 1
        ? FormattableString.Invariant($"{plus}")
        : string.Join(" + ", Enumerable.Range(1, shot - 1).Select(before => $"coalesce(steps.pick-{before}.metrics.duration_seconds, 0)")) + FormattableString.Invariant($" + {plus}");

    /// <summary>The references that hold a shot's subjects together, pinned by the steps that made them.</summary>
    public IEnumerable<string> SubjectsOf(Shot shot) => Script.Subjects.Where(subject => shot.Shows.Contains(subject.Name)).Select(subject => $"ref-{FilmPaths.Slug(subject.Name)}");

    // Words of a brief are data: what looks like an expression in them stays as it is written.
    public static string Literal(string text) => text.Replace("${", "$${", StringComparison.Ordinal);

    public static string Made(string step) => $"${{steps.{step}.outputs.asset}}";
}
