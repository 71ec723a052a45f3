using System.Text.Json;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Runs;

/// <summary>
/// Remembers runs between calls, so that a claim in a run of a thousand steps does not read a thousand rows. A memory counts only while its stamp is
/// the stored one; every change draws a new stamp, so neither a rolled-back change nor another node's can be mistaken for what is stored.
/// </summary>
internal sealed class RunMemory
{
    // A step with its inputs and outputs is some hundreds of bytes to a few thousand.
    private const int MostSteps = 20_000;

    private readonly Recent<(string Stamp, RunSnapshot Run)> _runs = new(MostSteps);
    private readonly Recent<ProvenPlan> _plans = new(MostSteps);

    /// <summary>The whole run as stored.</summary>
    public async ValueTask<RunSnapshot> LoadAsync(IQuery query, RunRow row)
    {
        if (_runs.TryGet(row.RunId, out var known) && known.Stamp == row.Stamp)
        {
            return known.Run;
        }

        var plan = await PlanAsync(query, row.PlanId).ConfigureAwait(false);
        var steps = await StepsTable.OfRunAsync(query, row.RunId).ConfigureAwait(false);
        var run = RunSnapshot.New(row.RunId, plan, row.Inputs) with
        {
            State = Enum.Parse<RunState>(row.State, ignoreCase: true),
            Steps = steps.OrderBy(step => step.ItemIndex ?? -1).ToDictionary(step => step.StepId, step => step.Snapshot(), StringComparer.Ordinal),
        };
        Keep(row, run);
        return run;
    }

    /// <summary>Keeps a run under the stamp with which it is about to be stored.</summary>
    public void Keep(RunRow row, RunSnapshot run) => _runs.Keep(row.RunId, (row.Stamp, run), run.Steps.Count);

    /// <summary>A stored plan with its graph; it was proven when it was stored.</summary>
    public async ValueTask<ProvenPlan> PlanAsync(IQuery query, string planId)
    {
        if (_plans.TryGet(planId, out var known))
        {
            return known;
        }

        var row = (await PlansTable.FindAsync(query, planId).ConfigureAwait(false))!;
        using var document = JsonDocument.Parse(row.Document);
        var (plan, problems) = PlanReader.Read(document.RootElement);
        var proven = new ProvenPlan(plan, new PlanGraph(plan), problems, [])
        {
            CallMicros = Wire.Read<Estimate>(row.Estimate).Steps.ToDictionary(step => step.Id, step => step.CostMicros, StringComparer.Ordinal),
        };
        _plans.Keep(planId, proven, plan.Steps.Count);
        return proven;
    }
}
