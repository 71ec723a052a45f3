using System.Text.Json.Nodes;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Runs;

/// <summary>
/// How a result below the bar is mended. The step waits; a copy of the repair step is released with <c>source</c> set to the
/// result so far. The repaired result is judged by the repair step's own gate, or by the routing step's where it has none. When
/// it passes, its outputs and metrics take the place of the routing step's, which then has succeeded. When it does not, the next
/// repair begins from the best there is, until <c>max</c> of them were made; then the routing step has failed.
/// </summary>
internal static class Repairing
{
    /// <summary>The bar for a report of <paramref name="step"/>.</summary>
    public static QualityGate? Gate(RunWork work, StepSnapshot step)
    {
        var own = work.Graph.Step(step.BaseId).Quality;
        if (own is not null || step.SourceId is null) return own;
        return work.Graph.Step(work.Get(step.SourceId).BaseId).Quality! with { OnFail = QualityAction.Fail, RouteTo = null };
    }

    /// <summary>Begins a repair, goes on to the next, or ends the repairing of one step.</summary>
    public static void Look(RunWork work, StepSnapshot step)
    {
        if (step is not { State: StepState.Waiting, Reason: Reasons.Repair }) return;
        var gate = work.Graph.Step(step.BaseId).Quality!;
        var repairs = work.Parts(gate.RouteTo!).Where(part => part.SourceId == step.StepId).ToList();
        var last = repairs.FirstOrDefault(part => part.StepId == RepairId(gate, step, step.Repairs));
        if (step.Repairs == step.RepairsForgiven || last is { State: StepState.Failed or StepState.Skipped }) Next(work, step, gate, last);
        else if (last is { State: StepState.Succeeded }) Adopt(work, step, last);
    }

    /// <summary>Settles the row that stands for all repairs, once nobody can ask for another.</summary>
    public static void Close(RunWork work, string repairId)
    {
        var row = work.Get(repairId);
        if (row.IsSettled || !work.Graph.RepairsFor(repairId).All(source => work.Get(source).IsSettled)) return;
        var parts = work.Parts(repairId).ToList();
        if (parts.Exists(part => !part.IsSettled)) return;
        work.Put(parts switch
        {
            [] when work.Graph.RepairsFor(repairId).All(source => work.Get(source) is { IsSettled: true, IsSatisfied: false }) => row with { State = StepState.Skipped, Reason = Reasons.NeedFailed },
            [] => row with { State = StepState.Skipped, Reason = Reasons.NotNeeded },
            _ when parts.Exists(part => part.State == StepState.Succeeded) => row with { State = StepState.Succeeded, Reason = null },
            _ when parts.Exists(part => part.State == StepState.Failed) => StepMachine.Failed(row, "repairs_failed", "No repair reached the bar."),
            _ => row with { State = StepState.Skipped, Reason = Reasons.ByRequest },
        });
    }

    private static void Next(RunWork work, StepSnapshot step, QualityGate gate, StepSnapshot? last)
    {
        if (step.Repairs - step.RepairsForgiven >= gate.Max)
        {
            work.Put(StepMachine.Failed(step, "quality_below_min", $"{step.ErrorMessage} {gate.Max} repair(s) did not mend it: {last?.ErrorMessage ?? last?.Reason}"));
            return;
        }

        var round = step.Repairs + 1;
        var repair = new StepSnapshot
        {
            StepId = RepairId(gate, step, round),
            BaseId = gate.RouteTo!,
            ItemIndex = step.ItemIndex,
            Item = step.Item,
            SourceId = step.StepId,
            State = StepState.Blocked,
        };
        var from = last?.Outputs is null ? step : step with { Outputs = Merged(step.Outputs, last.Outputs), Metrics = Merged(step.Metrics, last.Metrics) };
        work.Put(step with { Repairs = round });
        work.Put(Releasing.Prepared(work, repair, from));
    }

    private static void Adopt(RunWork work, StepSnapshot step, StepSnapshot repair) => work.Put(Approving.Asked(step with
    {
        State = StepState.Succeeded,
        Reason = null,
        Outputs = Merged(step.Outputs, repair.Outputs),
        Metrics = Merged(step.Metrics, repair.Metrics),
        Model = repair.Model ?? step.Model,
        ErrorCode = null,
        ErrorMessage = null,
    }, work.Graph.Step(step.BaseId)));

    private static string RepairId(QualityGate gate, StepSnapshot step, int round) => $"{gate.RouteTo}:{step.StepId}:{round}";

    // What the repair does not say again still holds.
    private static string Merged(string? first, string? then)
    {
        var merged = (JsonObject?)RunScope.Json(first) ?? [];
        foreach (var (name, value) in (JsonObject?)RunScope.Json(then) ?? []) merged[name] = value?.DeepClone();
        return merged.ToJsonString();
    }
}
