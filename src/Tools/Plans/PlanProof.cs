using System.Text.Json;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Plans;

/// <summary>Proves a plan before it runs. Everything that is wrong is found at once.</summary>
public sealed class PlanProof
{
    private readonly Plan _plan;
    private readonly PlanGraph _graph;
    private readonly List<PlanProblem> _problems;
    private readonly List<PlanProblem> _warnings = [];

    private PlanProof(Plan plan, IReadOnlyList<PlanProblem> found)
    {
        _plan = plan;
        _graph = new PlanGraph(plan);
        _problems = [.. found];
    }

    /// <summary>Reads and checks a plan.</summary>
    /// <param name="document">The plan as JSON.</param>
    /// <param name="catalogue">The models that steps may name.</param>
    /// <param name="today">The day against which retirement counts.</param>
    public static ProvenPlan Check(JsonElement document, Catalogue catalogue, DateOnly today)
    {
        var (plan, found) = PlanReader.Read(document);
        var proof = new PlanProof(plan, found);
        proof.CheckSteps(catalogue, today);
        return new ProvenPlan(plan, proof._graph, proof._problems, proof._warnings);
    }

    /// <summary>The plan, when nothing is wrong with it.</summary>
    /// <exception cref="InvalidPlanError">Something is; all of it is in the facts.</exception>
    public static ProvenPlan Require(JsonElement document, Catalogue catalogue, DateOnly today)
    {
        var proven = Check(document, catalogue, today);
        return proven.Problems.Count == 0 ? proven : throw new InvalidPlanError(proven.Problems);
    }

    /// <summary>Holds the models that a proven plan names against the catalogue of another day.</summary>
    /// <exception cref="InvalidPlanError">One has retired meanwhile, or can no longer take its step.</exception>
    public static void RequireModels(Plan plan, Catalogue catalogue, DateOnly today)
    {
        var problems = new List<PlanProblem>();
        ModelProof.Rules(plan.Rules, null, "rules", catalogue, today, problems);
        for (var i = 0; i < plan.Steps.Count; i++)
        {
            ModelProof.Rules(plan.Steps[i].Rules, plan.Steps[i].Id, $"steps[{i}].rules", catalogue, today, problems);
            ModelProof.Check(plan.Steps[i], $"steps[{i}]", catalogue, today, problems, []);
        }

        if (problems.Count > 0) throw new InvalidPlanError(problems);
    }

    private void CheckSteps(Catalogue catalogue, DateOnly today)
    {
        ModelProof.Rules(_plan.Rules, null, "rules", catalogue, today, _problems);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < _plan.Steps.Count; i++)
        {
            var step = _plan.Steps[i];
            if (step.Id.Length > 0 && !seen.Add(step.Id)) _problems.Add(new PlanProblem(step.Id, "duplicate_id", $"Two steps have the id '{step.Id}'.", $"steps[{i}].id"));
            // The graph knows the first of two namesakes only; checking the second against it would mislead.
            else if (step.Id.Length > 0) CheckStep(step, $"steps[{i}]", catalogue, today);
        }

        if (_graph.Cycle.Count > 0) _problems.Add(new PlanProblem(_graph.Cycle[0], "cycle", $"These steps wait for each other: {string.Join(" -> ", _graph.Cycle)}.", "steps"));
        else new ReferenceProof(_plan, _graph, _problems, _warnings).Check();
    }

    private void CheckStep(PlanStep step, string path, Catalogue catalogue, DateOnly today)
    {
        Needs(step, path);
        Join(step, path);
        Repair(step, path);
        if (Capabilities.Find(step.Capability) is { } capability)
        {
            if (step.Approval is { OfResult: true } && capability.Output("asset") is null)
                _problems.Add(new PlanProblem(step.Id, "nothing_to_approve", $"{capability.Name} gives no asset, and a human approves a version of one.", path + ".approval"));
            InputProof.Check(step, capability, path, _problems);
            if (step.Quality is { } gate && capability.Metrics.All(metric => metric.Name != gate.Metric))
                _warnings.Add(new PlanProblem(step.Id, "unknown_metric", $"{capability.Name} is not known to report '{gate.Metric}'; a missing metric fails the gate.", path + ".quality.metric"));
        }
        else if (step.Capability.Length > 0 && !Capabilities.IsFree(step.Capability))
        {
            _problems.Add(new PlanProblem(step.Id, "unknown_capability", $"There is no capability '{step.Capability}'; names of your own begin with x-.", path + ".capability"));
        }

        ModelProof.Rules(step.Rules, step.Id, path + ".rules", catalogue, today, _problems);
        ModelProof.Check(step, path, catalogue, today, _problems, _warnings);
    }

    private void Needs(PlanStep step, string path)
    {
        for (var n = 0; n < step.Needs.Count; n++)
        {
            if (!_graph.Has(step.Needs[n])) _problems.Add(new PlanProblem(step.Id, "missing_need", $"There is no step '{step.Needs[n]}'.", $"{path}.needs[{n}]"));
            else if (step.Needs.Take(n).Contains(step.Needs[n])) _problems.Add(new PlanProblem(step.Id, "duplicate_need", $"'{step.Needs[n]}' is named twice.", $"{path}.needs[{n}]"));
        }
    }

    private void Join(PlanStep step, string path)
    {
        if (step.Join is not { } join) return;
        // A fan-out brings as many results as it has items, which nobody knows yet.
        if (step.Needs.Any(need => _graph.Has(need) && (_graph.Step(need).ForEach is not null || _graph.IsRepair(need)))) return;
        var most = step.Needs.Distinct().Count();
        if (join > most) _problems.Add(new PlanProblem(step.Id, "join_too_large", $"It joins {join} of {most} needed steps.", path + ".join"));
    }

    private void Repair(PlanStep step, string path)
    {
        if (step.Quality is { RouteTo: { } target })
        {
            if (!_graph.Has(target)) _problems.Add(new PlanProblem(step.Id, "missing_need", $"There is no step '{target}' to route to.", path + ".quality.on_fail.route_to"));
            else if (_graph.IsRepair(step.Id)) _problems.Add(new PlanProblem(step.Id, "repair_of_repair", "A repair step's own gate may retry or fail, not route on.", path + ".quality.on_fail.route_to"));
        }

        if (!_graph.IsRepair(step.Id)) return;
        foreach (var (field, isThere) in new[] { ("when", step.When is not null), ("for_each", step.ForEach is not null), ("join", step.Join is not null) })
            if (isThere) _problems.Add(new PlanProblem(step.Id, "repair_condition", $"A repair step begins when a gate routes to it; '{field}' has no place there.", $"{path}.{field}"));
        if (_graph.Cycle.Count > 0) return;
        foreach (var need in step.Needs.Where(_graph.Has))
            if (!_graph.RepairsFor(step.Id).All(source => source == need || _graph.Ancestors(source).Contains(need)) && !_graph.RepairsFor(step.Id).Contains(need))
                _problems.Add(new PlanProblem(step.Id, "repair_need", $"A repair step can only need what is before every step that routes to it; '{need}' is not.", path + ".needs"));
    }
}
