namespace Pipeline.Tools.Runs;

/// <summary>What a run does when something happens to it. Pure: the store applies the changes, in the transaction in which it read the run.</summary>
public static class RunMachine
{
    /// <summary>Works one event out.</summary>
    /// <param name="run">The run as stored.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="nowMs">The store's clock, unix milliseconds.</param>
    /// <param name="jitter">Chance, 0 to 1, for the rest before another attempt.</param>
    /// <returns>Every row to write; empty when the event was taken before or changes nothing.</returns>
    /// <exception cref="SupersededError">A report of a claim that is not the current one.</exception>
    /// <exception cref="InvalidStateError">The state does not allow it.</exception>
    /// <exception cref="UnknownStepError">The run has no such step.</exception>
    public static IReadOnlyList<Change> Advance(RunSnapshot run, RunEvent happened, long nowMs, double jitter)
    {
        var work = new RunWork(run, nowMs, jitter);
        switch (happened)
        {
            case RunStarted:
                foreach (var id in run.Graph.Order) work.Touch(id);
                foreach (var id in run.Graph.Order) Releasing.Try(work, id);
                break;
            case TimePassed:
                Pass(work);
                break;
            case StepApproved approved:
                work.Put(Approving.Approve(work.Get(approved.StepId)));
                break;
            case StepRejected rejected:
                Approving.Reject(work, work.Get(rejected.StepId), rejected.Note);
                break;
            case RunPaused or RunResumed or RunCancelled or StepRetried or StepSkipped:
                Controlling.Apply(work, happened);
                break;
            default:
                Report(work, happened);
                break;
        }

        Settle(work);
        return work.Changes();
    }

    private static void Report(RunWork work, RunEvent happened)
    {
        switch (happened)
        {
            case StepClaimed claim:
                work.Put(Claimed(work, claim));
                break;
            case StepRenewed renewal:
                work.Put(StepMachine.Renew(work.Get(renewal.StepId), renewal.Generation, renewal.LeaseMs, work.NowMs));
                break;
            case StepCompleted report when Fresh(work, report.StepId, report.Generation) is { } step:
                work.Put(StepMachine.Complete(step, work.Graph.Step(step.BaseId), Repairing.Gate(work, step), report, work.NowMs, work.Jitter));
                break;
            case StepFailed report when Fresh(work, report.StepId, report.Generation) is { } step:
                work.Put(StepMachine.Fail(step, work.Graph.Step(step.BaseId), report, work.NowMs, work.Jitter));
                break;
            case StepPassedOver report when Fresh(work, report.StepId, report.Generation) is { } step:
                work.Put(StepMachine.PassOver(step, report));
                break;
            default:
                break;
        }
    }

    private static StepSnapshot? Fresh(RunWork work, string stepId, long generation)
    {
        var step = work.Get(stepId);
        return StepMachine.WasTaken(step, generation) ? null : step;
    }

    private static StepSnapshot Claimed(RunWork work, StepClaimed claim)
    {
        var step = work.Get(claim.StepId);
        if (work.State != RunState.Running) throw new InvalidStateError($"Run '{work.Run.RunId}' is {Say(work.State)}; steps are claimed while it is running.", Say(work.State));
        if (work.IsWhole(step)) throw new InvalidStateError($"'{step.StepId}' stands for its items or repairs; claim those.", StepMachine.Say(step));
        var plan = work.Graph.Step(step.BaseId);
        return StepMachine.Claim(StepMachine.Pass(step, plan, work.NowMs, work.Jitter), plan, claim.Worker, claim.LeaseMs, work.NowMs);
    }

    private static void Pass(RunWork work)
    {
        foreach (var step in work.Run.Steps.Values)
        {
            var after = StepMachine.Pass(step, work.Graph.Step(step.BaseId), work.NowMs, work.Jitter);
            if (!ReferenceEquals(after, step)) work.Put(after);
        }
    }

    // Looks at what was touched, and at what that touches, until nothing moves any more. Every turn settles a step or makes a
    // new one of a bounded number, so it ends.
    private static void Settle(RunWork work)
    {
        while (work.TryTakeTouched(out var id))
        {
            var graph = work.Graph;
            if (graph.Step(id).Quality?.RouteTo is not null) Repair(work, id);
            foreach (var source in graph.RepairsFor(id)) Repair(work, source);
            if (graph.IsRepair(id)) Repairing.Close(work, id);
            else Gather(work, id);
            foreach (var child in graph.After(id))
            {
                if (graph.IsRepair(child)) Repairing.Close(work, child);
                else Releasing.Try(work, child);
            }
        }

        if (work.State is RunState.Running or RunState.Paused && work.Graph.Order.All(id => work.Get(id).IsSettled)) work.State = Outcome(work);
    }

    private static void Repair(RunWork work, string id)
    {
        var whole = work.Get(id);
        if (!work.IsWhole(whole)) Repairing.Look(work, whole);
        else foreach (var part in work.Parts(id).ToList()) Repairing.Look(work, part);
    }

    private static void Gather(RunWork work, string id)
    {
        var whole = work.Get(id);
        if (whole is not { State: StepState.Waiting, Reason: Reasons.Items }) return;
        var parts = work.Parts(id).ToList();
        if (parts.Exists(part => !part.IsSettled)) return;
        var failed = parts.Count(part => part.State == StepState.Failed);
        work.Put(failed == 0
            ? whole with { State = StepState.Succeeded, Reason = null }
            : StepMachine.Failed(whole, "items_failed", $"{failed} of {parts.Count} items failed."));
    }

    // A failure that something else made good (a join that found enough elsewhere) is not the run's.
    private static RunState Outcome(RunWork work)
    {
        var graph = work.Graph;
        var last = graph.Order.Where(id => !graph.IsRepair(id) && graph.After(id).All(graph.IsRepair));
        var kept = work.Run.Plan.Deliverables.Where(graph.Has);
        return last.Concat(kept).All(id => work.Get(id).IsSatisfied) ? RunState.Succeeded : RunState.Failed;
    }

    internal static string Say(RunState state) => state.ToString().ToLowerInvariant();
}
