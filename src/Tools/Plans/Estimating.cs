using System.Text.Json.Nodes;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Plans;

/// <summary>
/// Estimates a proven plan by playing it through over a number of worker slots: each step starts when what it needs is done and a
/// slot is free. Times come from the model that the step names first, else the cheapest that fits its tier, else the capability; a model's are corrected by
/// what it really took here.
/// </summary>
public static class Estimating
{
    private const double UsualProbability = 0.5;
    private const int UsualItems = 5;
    private const double UsualMediaSeconds = 10;

    /// <param name="proven">A plan without problems.</param>
    /// <param name="catalogue">Prices and latencies.</param>
    /// <param name="today">The day against which retirement counts.</param>
    /// <param name="slots">Steps that workers can do at once, at least 1.</param>
    /// <param name="inputs">The run's inputs, when they are known; their list lengths count for fan-outs over them.</param>
    /// <param name="experience">What models took here; null for what their cards say.</param>
    public static Estimate Of(ProvenPlan proven, Catalogue catalogue, DateOnly today, int slots, JsonObject? inputs = null, Experience? experience = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        var graph = proven.Graph;
        var items = new Dictionary<string, int>(StringComparer.Ordinal);
        var steps = new Dictionary<string, StepEstimate>(StringComparer.Ordinal);
        foreach (var id in graph.Order)
        {
            items[id] = Items(graph, id, items, inputs);
            steps[id] = One(graph.Step(id), items[id], Chance(graph, id), catalogue, today, experience ?? Experience.None);
        }

        var (path, critical) = Critical(graph, steps);
        return new Estimate
        {
            ExpectedSeconds = Math.Round(Play(graph, steps, slots, worst: false), 3),
            WorstSeconds = Math.Round(Play(graph, steps, slots, worst: true), 3),
            ExpectedCostMicros = (long)Math.Round(steps.Values.Sum(step => step.CostMicros * Calls(graph, step, worst: false))),
            WorstCostMicros = (long)Math.Round(steps.Values.Sum(step => step.CostMicros * Calls(graph, step, worst: true))),
            CriticalPath = path,
            CriticalSeconds = Math.Round(critical, 3),
            Patterns = Patterns(graph),
            Steps = [.. graph.Order.Select(id => steps[id])],
        };
    }

    private static StepEstimate One(PlanStep step, int items, double chance, Catalogue catalogue, DateOnly today, Experience experience)
    {
        var media = step.Expect?.MediaSeconds;
        var demand = Demand.From(step.Capability, step.Inputs);
        if (media is { } known) demand = demand with { DurationSeconds = known };
        // Else only the author knows.
        else if (!Capabilities.InputsSayLength(step.Capability, step.Inputs)) demand = demand with { DurationSeconds = UsualMediaSeconds };
        var card = Card(step, demand, catalogue, today);
        var usual = Capabilities.Find(step.Capability)?.Usual ?? (1, 0);
        var seconds = card?.Latency.Of(demand.DurationSeconds) * experience.FactorOf(step.Capability, card?.Id ?? "") ?? (usual.FixedSeconds + (usual.PerMediaSecond * demand.DurationSeconds));
        return new StepEstimate(step.Id, card?.Id, seconds, card?.Price?.Of(demand) ?? 0, chance, items);
    }

    private static ModelCard? Card(PlanStep step, Demand demand, Catalogue catalogue, DateOnly today)
    {
        if (step.Models.Count > 0) return catalogue.Find(step.Models[0]);
        var fit = catalogue.For(step.Capability).Where(card => card.Price?.Of(demand) is not null && Fitness.Misfits(card, demand, today).Count == 0).ToList();
        return fit.OrderBy(card => step.Tier is { } tier && card.Tier != tier).ThenBy(card => card.Price!.Of(demand)).ThenByDescending(card => card.Quality).ThenBy(card => card.Id, StringComparer.Ordinal).FirstOrDefault();
    }

    private static int Items(PlanGraph graph, string id, Dictionary<string, int> items, JsonObject? inputs)
    {
        var step = graph.Step(id);
        if (graph.IsRepair(id)) return graph.RepairsFor(id).Sum(source => items[source]);
        if (step.ForEach is null) return 1;
        if (step.Expect?.Items is { } expected) return expected;
        if (step.ForEach is JsonArray literal) return literal.Count;
        var text = step.ForEach.GetValue<string>();
        // A fan-out over a fan-out has as many items; one over a list of the run's inputs, as many as that list.
        if (items.Keys.FirstOrDefault(other => text.Contains($"steps.{other}.items", StringComparison.Ordinal)) is { } before) return items[before];
        return inputs?.FirstOrDefault(input => text.Contains($"inputs.{input.Key}", StringComparison.Ordinal)).Value is JsonArray list ? list.Count : UsualItems;
    }

    private static double Chance(PlanGraph graph, string id)
    {
        var step = graph.Step(id);
        return step.When is not null || graph.IsRepair(id) ? step.Expect?.Probability ?? UsualProbability : 1;
    }

    private static double Calls(PlanGraph graph, StepEstimate step, bool worst) => step.Items * PerItem(graph, step, worst);

    // How often one item is done: a repair up to its max, a gate that retries up to its attempts.
    private static double PerItem(PlanGraph graph, StepEstimate step, bool worst)
    {
        if (!worst) return step.Probability;
        if (graph.IsRepair(step.Id)) return graph.RepairsFor(step.Id).Max(source => graph.Step(source).Quality!.Max);
        return graph.Step(step.Id).Quality?.OnFail == QualityAction.Retry ? graph.Step(step.Id).Retry.MaxAttempts : 1;
    }

    // The earliest free slot takes the earliest ready call, in plan order.
    private static double Play(PlanGraph graph, Dictionary<string, StepEstimate> steps, int slots, bool worst)
    {
        var done = new Dictionary<string, double>(StringComparer.Ordinal);
        var waiting = graph.Order.ToList();
        var free = new PriorityQueue<int, double>();
        for (var slot = 0; slot < slots; slot++) free.Enqueue(slot, 0);
        while (waiting.Count > 0)
        {
            var next = waiting.Where(id => graph.Before(id).All(done.ContainsKey)).MinBy(id => Start(graph, id, done))!;
            waiting.Remove(next);
            var (ready, end) = (Start(graph, next, done), Start(graph, next, done));
            var each = steps[next].Seconds * PerItem(graph, steps[next], worst);
            for (var call = 0; call < steps[next].Items; call++)
            {
                free.TryDequeue(out var slot, out var from);
                var until = Math.Max(from, ready) + each;
                free.Enqueue(slot, until);
                end = Math.Max(end, until);
            }

            done[next] = end;
        }

        return done.Count == 0 ? 0 : done.Values.Max();
    }

    // A join begins with the last that it waits for; one that is content with some, with so many.
    private static double Start(PlanGraph graph, string id, Dictionary<string, double> done)
    {
        var ends = graph.Before(id).Select(need => done[need]).Order().ToList();
        return ends.Count == 0 ? 0 : ends[Math.Min(graph.Step(id).Join ?? ends.Count, ends.Count) - 1];
    }

    private static (IReadOnlyList<string> Path, double Seconds) Critical(PlanGraph graph, Dictionary<string, StepEstimate> steps)
    {
        var reach = new Dictionary<string, (double Seconds, string? From)>(StringComparer.Ordinal);
        foreach (var id in graph.Order)
        {
            var from = graph.Before(id).MaxBy(need => reach[need].Seconds);
            var once = steps[id].Items == 0 ? 0 : steps[id].Seconds * steps[id].Probability;
            reach[id] = ((from is null ? 0 : reach[from].Seconds) + once, from);
        }

        var path = new List<string>();
        var last = reach.Count == 0 ? null : reach.MaxBy(pair => pair.Value.Seconds).Key;
        for (var at = last; at is not null; at = reach[at].From) path.Insert(0, at);
        return (path, last is null ? 0 : reach[last].Seconds);
    }

    private static List<string> Patterns(PlanGraph graph)
    {
        var found = new List<string>();
        if (graph.Order.Any(id => graph.Before(id) is [var only] && graph.After(only).Count == 1)) found.Add("sequential");
        if (graph.Order.Any(id => graph.Step(id).ForEach is not null || graph.After(id).Count(next => !graph.IsRepair(next)) > 1) || graph.Order.Count(id => graph.Before(id).Count == 0) > 1) found.Add("parallel");
        if (graph.Order.Any(id => graph.Step(id).When is not null || graph.IsRepair(id))) found.Add("conditional");
        if (found.Count > 1) found.Add("hybrid");
        return found;
    }
}
