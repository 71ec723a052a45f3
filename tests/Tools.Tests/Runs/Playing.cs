using System.Text.Json.Nodes;
using Pipeline.Tools.Plans;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Tests.Runs;

/// <summary>A run played by hand: every event is worked out and its changes applied, as a store would.</summary>
internal sealed class Playing
{
    public Playing(ProvenPlan plan, string? inputs = null)
    {
        Run = RunSnapshot.New("r1", plan, inputs);
        Do(new RunStarted());
    }

    public RunSnapshot Run { get; private set; }

    public long NowMs { get; set; } = 1_000_000;

    public StepSnapshot this[string id] => Run.Steps[id];

    public IReadOnlyList<Change> Do(RunEvent happened)
    {
        var changes = RunMachine.Advance(Run, happened, NowMs, 1);
        Run = Run.With(changes);
        return changes;
    }

    public long Claim(string id)
    {
        Do(new StepClaimed(id, "w", 60_000));
        return this[id].Generation;
    }

    public void Finish(string id, string outputs = "{}", string metrics = "{}") =>
        Do(new StepCompleted(id, Claim(id), (JsonObject)JsonNode.Parse(outputs)!, (JsonObject)JsonNode.Parse(metrics)!));

    public void Break(string id, bool retryable = false) => Do(new StepFailed(id, Claim(id), "broken", "It broke.", retryable));

    public string State(string id) => StepMachine.Say(this[id]);
}
