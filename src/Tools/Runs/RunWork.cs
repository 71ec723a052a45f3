using System.Text.Json.Nodes;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Runs;

/// <summary>A run while one event is worked out: the stored rows, what has changed so far, and what must be looked at again.</summary>
internal sealed class RunWork(RunSnapshot run, long nowMs, double jitter)
{
    private readonly Dictionary<string, StepSnapshot> _changed = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly Dictionary<string, JsonNode?> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _newParts = new(StringComparer.Ordinal);
    private readonly Queue<string> _touched = new();
    private readonly HashSet<string> _isQueued = new(StringComparer.Ordinal);
    private JsonNode? _inputs;
    private JsonNode? _event;

    public RunSnapshot Run { get; } = run;

    public PlanGraph Graph => Run.Graph;

    public long NowMs { get; } = nowMs;

    public double Jitter { get; } = jitter;

    public RunState State { get; set; } = run.State;

    public JsonNode? Inputs => _inputs ??= RunScope.Json(Run.Inputs);

    public JsonNode? Event => _event ??= RunScope.Json(Run.Event);

    public StepSnapshot? Find(string id) => _changed.GetValueOrDefault(id) ?? Run.Steps.GetValueOrDefault(id);

    public StepSnapshot Get(string id) => Find(id) ?? throw new UnknownStepError(Run.RunId, id);

    /// <summary>Whether a row stands for others (its items, its repairs) and is never claimed itself.</summary>
    public bool IsWhole(StepSnapshot step) => step.StepId == step.BaseId && (Graph.Step(step.BaseId).ForEach is not null || Graph.IsRepair(step.BaseId));

    /// <summary>The items or repairs of a plan's step, in order.</summary>
    public IEnumerable<StepSnapshot> Parts(string baseId)
    {
        foreach (var part in Run.PartsOf(baseId)) yield return Get(part.StepId);
        if (!_newParts.TryGetValue(baseId, out var made)) yield break;
        foreach (var id in made) yield return Get(id);
    }

    public void Put(StepSnapshot step)
    {
        if (!_changed.ContainsKey(step.StepId))
        {
            _order.Add(step.StepId);
            if (!Run.Steps.ContainsKey(step.StepId)) (_newParts.TryGetValue(step.BaseId, out var made) ? made : _newParts[step.BaseId] = []).Add(step.StepId);
        }

        _changed[step.StepId] = step;
        _nodes.Remove(step.BaseId);
        Touch(step.BaseId);
    }

    public void Touch(string baseId)
    {
        if (_isQueued.Add(baseId)) _touched.Enqueue(baseId);
    }

    public bool TryTakeTouched(out string baseId)
    {
        if (!_touched.TryDequeue(out baseId!)) return false;
        _isQueued.Remove(baseId);
        return true;
    }

    /// <summary>What <c>steps.ID</c> stands for.</summary>
    public JsonNode? Node(string id)
    {
        if (_nodes.TryGetValue(id, out var known)) return known;
        if (Find(id) is not { } step || step.StepId != step.BaseId) return null;
        var node = RunScope.Part(step);
        if (IsWhole(step))
        {
            node.Remove("outputs");
            node.Remove("metrics");
            node["items"] = new JsonArray([.. Parts(id).OrderBy(part => part.ItemIndex ?? 0).Select(RunScope.Part)]);
        }

        return _nodes[id] = node;
    }

    /// <summary>Every row that differs from what was stored.</summary>
    public IReadOnlyList<Change> Changes()
    {
        var changes = new List<Change>();
        foreach (var id in _order)
        {
            var before = Run.Steps.GetValueOrDefault(id);
            if (before != _changed[id]) changes.Add(new StepChanged(_changed[id], before));
        }

        if (State != Run.State) changes.Add(new RunChanged(State, Run.State));
        return changes;
    }
}
