using System.Text.Json.Nodes;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Plans.Expressions;

namespace Pipeline.Tools.Runs;

/// <summary>
/// What of a run is to stay: everything that its deliverable steps wrote or name in their outputs, and every version that a deliverable expression
/// gives. Everything else that it wrote is an intermediate.
/// </summary>
public sealed class Deliverables
{
    private readonly RunSnapshot _run;
    private readonly HashSet<string> _steps;
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    private Deliverables(RunSnapshot run)
    {
        _run = run;
        _steps = run.Plan.Deliverables.Where(run.Graph.Has).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Of a run as stored; null when that cannot be told, or when its plan names none: then nothing of it is an intermediate.</summary>
    public static Deliverables? Of(RunSnapshot run)
    {
        if (run.Plan.Deliverables.Count == 0)
        {
            return null;
        }

        var kept = new Deliverables(run);
        foreach (var step in run.Steps.Values.Where(step => kept._steps.Contains(step.BaseId)))
        {
            kept.Name(RunScope.Json(step.Outputs));
        }

        try
        {
            var scope = new RunScope(new RunWork(run, 0, 0));
            foreach (var text in run.Plan.Deliverables.Where(Template.IsIn))
            {
                kept.Name(Template.Parse(text).Value(scope));
            }
        }
        catch (ExpressionError)
        {
            return null;
        }

        return kept;
    }

    /// <summary>Whether a version that the run wrote is to stay.</summary>
    public bool Hold(AssetRow version) =>
        (version.StepId is { } id && _steps.Contains(_run.Steps.GetValueOrDefault(id)?.BaseId ?? id))
        || _named.Contains(version.Address) || (version.Version == version.CurrentVersion && _named.Contains(version.Name));

    private void Name(JsonNode? value) => _named.UnionWith(AssetTexts.In(value));
}
