namespace Pipeline.Tools.Plans;

/// <summary>
/// The order of a plan's steps. An edge leads from every needed step to the step that needs it, and from every step to the
/// repair step that its quality gate routes to. Needs that do not exist are passed over; the proof names them.
/// </summary>
public sealed class PlanGraph
{
    private readonly Dictionary<string, PlanStep> _steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _before = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _after = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlySet<string>> _ancestors = new(StringComparer.Ordinal);

    public PlanGraph(Plan plan)
    {
        foreach (var step in plan.Steps)
        {
            if (!_steps.TryAdd(step.Id, step)) continue;
            _before[step.Id] = [];
            _after[step.Id] = [];
        }

        foreach (var step in _steps.Values)
            if (step.Quality is { RouteTo: { } target } && _steps.ContainsKey(target)) (_sources.TryGetValue(target, out var list) ? list : _sources[target] = []).Add(step.Id);
        foreach (var step in _steps.Values)
            foreach (var need in step.Needs.Concat(RepairsFor(step.Id)).Distinct().Where(_steps.ContainsKey))
            {
                _before[step.Id].Add(need);
                _after[need].Add(step.Id);
            }

        (Order, Cycle) = Sort(plan);
    }

    /// <summary>The ids in an order in which every step comes after all before it; plan order wherever that leaves a choice.</summary>
    public IReadOnlyList<string> Order { get; }

    /// <summary>A cycle, first step repeated at the end; empty when there is none.</summary>
    public IReadOnlyList<string> Cycle { get; }

    public PlanStep Step(string id) => _steps[id];

    public bool Has(string id) => _steps.ContainsKey(id);

    /// <summary>The steps directly before <paramref name="id"/>.</summary>
    public IReadOnlyList<string> Before(string id) => _before[id];

    /// <summary>The steps directly after <paramref name="id"/>.</summary>
    public IReadOnlyList<string> After(string id) => _after[id];

    /// <summary>The steps whose gates route to <paramref name="id"/>; a step with any is a repair step.</summary>
    public IReadOnlyList<string> RepairsFor(string id) => _sources.TryGetValue(id, out var list) ? list : [];

    public bool IsRepair(string id) => _sources.ContainsKey(id);

    /// <summary>The steps that are certain to be settled when <paramref name="id"/> begins. A repair begins when any one of its sources fell short.</summary>
    public IReadOnlySet<string> Ancestors(string id)
    {
        if (_ancestors.TryGetValue(id, out var known)) return known;
        _ancestors[id] = new HashSet<string>();
        HashSet<string> found;
        if (IsRepair(id))
        {
            found = [.. Ancestors(RepairsFor(id)[0])];
            foreach (var source in RepairsFor(id).Skip(1)) found.IntersectWith(Ancestors(source));
        }
        else
        {
            found = [.. _before[id]];
            foreach (var need in _before[id]) found.UnionWith(IsRepair(need) ? RepairsFor(need).SelectMany(source => Ancestors(source).Append(source)) : Ancestors(need));
        }

        return _ancestors[id] = found;
    }

    private (IReadOnlyList<string> Order, IReadOnlyList<string> Cycle) Sort(Plan plan)
    {
        var rank = plan.Steps.Select((step, i) => (step.Id, i)).DistinctBy(pair => pair.Id).ToDictionary(pair => pair.Id, pair => pair.i, StringComparer.Ordinal);
        var open = _before.ToDictionary(pair => pair.Key, pair => pair.Value.Count, StringComparer.Ordinal);
        var free = new SortedSet<(int Rank, string Id)>(open.Where(pair => pair.Value == 0).Select(pair => (rank[pair.Key], pair.Key)));
        var order = new List<string>();
        while (free.Count > 0)
        {
            var next = free.Min;
            free.Remove(next);
            order.Add(next.Id);
            foreach (var child in _after[next.Id])
                if (--open[child] == 0) free.Add((rank[child], child));
        }

        return (order, order.Count == _steps.Count ? [] : FindCycle(open.Where(pair => pair.Value > 0).Select(pair => pair.Key).MinBy(id => rank[id])!, open));
    }

    // Every step left over still waits for another left over, so that walking back must come round.
    private List<string> FindCycle(string start, Dictionary<string, int> open)
    {
        var walked = new List<string>();
        var at = start;
        while (!walked.Contains(at))
        {
            walked.Add(at);
            at = _before[at].First(id => open[id] > 0);
        }

        var cycle = walked[walked.IndexOf(at)..];
        cycle.Add(at);
        cycle.Reverse();
        return cycle;
    }
}
