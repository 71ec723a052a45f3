using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Runs;

/// <summary>A run as stored, with all its steps and the plan it was started with.</summary>
public sealed record RunSnapshot
{
    private ILookup<string, StepSnapshot>? _byBase;

    public required string RunId { get; init; }

    public required RunState State { get; init; }

    public required PlanGraph Graph { get; init; }

    public required Plan Plan { get; init; }

    /// <summary>The run's inputs, JSON.</summary>
    public string? Inputs { get; init; }

    /// <summary>The event that started it, JSON; null when nothing did.</summary>
    public string? Event { get; init; }

    /// <summary>What one call of each of the plan's steps is estimated to cost.</summary>
    public IReadOnlyDictionary<string, long> CallMicros { get; init; } = new Dictionary<string, long>();

    public required IReadOnlyDictionary<string, StepSnapshot> Steps { get; init; }

    /// <summary>A run that has not begun: every step blocked, until <see cref="RunStarted"/> releases the first.</summary>
    public static RunSnapshot New(string runId, ProvenPlan plan, string? inputs = null, string? @event = null) => new()
    {
        RunId = runId,
        State = RunState.Running,
        Plan = plan.Plan,
        Graph = plan.Graph,
        Inputs = inputs,
        Event = @event,
        CallMicros = plan.CallMicros,
        Steps = plan.Plan.Steps.ToDictionary(
            step => step.Id,
            step => new StepSnapshot { StepId = step.Id, BaseId = step.Id, State = StepState.Blocked },
            StringComparer.Ordinal),
    };

    /// <summary>The items or repairs made of a plan's step.</summary>
    public IEnumerable<StepSnapshot> PartsOf(string baseId) =>
        (_byBase ??= Steps.Values.Where(step => step.StepId != step.BaseId).ToLookup(step => step.BaseId, StringComparer.Ordinal))[baseId];

    /// <summary>The run after <paramref name="changes"/>, as a store would hold it.</summary>
    public RunSnapshot With(IReadOnlyList<Change> changes)
    {
        var steps = new Dictionary<string, StepSnapshot>(Steps, StringComparer.Ordinal);
        var state = State;
        foreach (var change in changes)
        {
            if (change is StepChanged step) steps[step.Step.StepId] = step.Step;
            else if (change is RunChanged run) state = run.State;
        }

        return this with { State = state, Steps = steps, _byBase = null };
    }
}
