namespace Pipeline.Tools.Runs;

/// <summary>What control_run does: pause, resume, cancel, retry_step, skip_step.</summary>
internal static class Controlling
{
    public static void Apply(RunWork work, RunEvent happened)
    {
        switch (happened)
        {
            case RunPaused when work.State is RunState.Running or RunState.Paused:
                work.State = RunState.Paused;
                break;
            case RunResumed when work.State is RunState.Running or RunState.Paused:
                work.State = RunState.Running;
                break;
            case RunCancelled when work.State == RunState.Cancelled:
                break;
            case RunCancelled when work.State is RunState.Running or RunState.Paused:
                Cancel(work);
                break;
            case StepRetried retried when work.State is not (RunState.Cancelled or RunState.Succeeded):
                Retry(work, work.Get(retried.StepId));
                break;
            case StepSkipped skipped when work.State is not (RunState.Cancelled or RunState.Succeeded):
                Skip(work, work.Get(skipped.StepId));
                break;
            default:
                throw new InvalidStateError($"Run '{work.Run.RunId}' is {RunMachine.Say(work.State)}; that cannot be done to it any more.", RunMachine.Say(work.State));
        }
    }

    private static void Cancel(RunWork work)
    {
        foreach (var step in work.Run.Steps.Values.Where(step => !step.IsSettled)) work.Put(Ended(step) with { State = StepState.Cancelled });
        work.State = RunState.Cancelled;
    }

    private static void Retry(RunWork work, StepSnapshot step)
    {
        if (step.SourceId is not null || work.Graph.IsRepair(step.BaseId)) throw new InvalidStateError($"'{step.StepId}' is a repair; retry the step it mends.", StepMachine.Say(step));
        var failed = work.IsWhole(step) ? work.Parts(step.BaseId).Where(part => part.State == StepState.Failed).ToList() : [];
        if (failed.Count == 0 && step is not ({ State: StepState.Failed } or { State: StepState.Waiting, Reason: Reasons.Backoff }))
            throw new InvalidStateError($"Step '{step.StepId}' is {StepMachine.Say(step)}; only a failed or resting one is retried.", StepMachine.Say(step));
        if (failed.Count == 0) failed = [step];
        foreach (var one in failed) Open(work, one);
        Reopen(work, step);
    }

    private static void Open(RunWork work, StepSnapshot step)
    {
        var fresh = StepMachine.Released(step) with
        {
            State = StepState.Blocked,
            Failures = 0,
            LostClaims = 0,
            RepairsForgiven = step.Repairs,
            NotBeforeMs = null,
            ErrorCode = null,
            ErrorMessage = null,
        };
        // An item's needs are done, or it would not be there; a plan's step asks again.
        work.Put(step.ItemIndex is null ? fresh : Releasing.Prepared(work, fresh, null));
        if (step.ItemIndex is null) Releasing.Try(work, step.StepId);
    }

    private static void Skip(RunWork work, StepSnapshot step)
    {
        if (step.SourceId is not null || work.Graph.IsRepair(step.BaseId)) throw new InvalidStateError($"'{step.StepId}' is a repair; skip the step it mends.", StepMachine.Say(step));
        if (step.State is StepState.Succeeded or StepState.Skipped or StepState.Cancelled)
            throw new InvalidStateError($"Step '{step.StepId}' is {StepMachine.Say(step)}; it cannot be skipped any more.", StepMachine.Say(step));
        if (step.State == StepState.Blocked)
        {
            // It is passed over when its turn comes, so that nothing after it starts too early.
            work.Put(step with { Reason = Reasons.SkipRequested });
            return;
        }

        foreach (var part in work.IsWhole(step) ? work.Parts(step.BaseId).ToList() : [])
            if (!part.IsSettled || part.State == StepState.Failed) PassOver(work, part);
        PassOver(work, step);
        Reopen(work, step);
    }

    private static void PassOver(RunWork work, StepSnapshot step)
    {
        work.Put(Ended(step) with { State = StepState.Skipped, Reason = Reasons.ByRequest });
        if (work.Graph.Step(step.BaseId).Quality?.RouteTo is not { } repair) return;
        foreach (var open in work.Parts(repair).Where(part => part.SourceId == step.StepId && !part.IsSettled).ToList())
            work.Put(Ended(open) with { State = StepState.Skipped, Reason = Reasons.ByRequest });
    }

    // What was given up because of the step gets another chance, and the run goes on.
    private static void Reopen(RunWork work, StepSnapshot step)
    {
        if (step.ItemIndex is not null && work.Get(step.BaseId) is { State: StepState.Failed } whole)
            work.Put(whole with { State = StepState.Waiting, Reason = Reasons.Items, ErrorCode = null, ErrorMessage = null });
        else if (work.IsWhole(step) && work.Parts(step.BaseId).Any() && work.Get(step.StepId) is { State: StepState.Failed } self)
            work.Put(self with { State = StepState.Waiting, Reason = Reasons.Items, ErrorCode = null, ErrorMessage = null });
        var open = new Queue<string>(work.Graph.After(step.BaseId));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (open.TryDequeue(out var id))
        {
            if (!seen.Add(id)) continue;
            var after = work.Get(id);
            var isGivenUp = after is { State: StepState.Skipped, Reason: Reasons.NeedFailed };
            if (!isGivenUp && !(work.Graph.IsRepair(id) && after.IsSettled && IsUnused(work, id))) continue;
            work.Put(after with { State = StepState.Blocked, Reason = null, ErrorCode = null, ErrorMessage = null });
            foreach (var next in work.Graph.After(id)) open.Enqueue(next);
        }

        if (work.State == RunState.Failed) work.State = RunState.Running;
    }

    // Whether nobody went on because of it.
    private static bool IsUnused(RunWork work, string id) =>
        work.Graph.After(id).Select(work.Get).All(after => after is { State: StepState.Blocked } or { State: StepState.Skipped, Reason: Reasons.NeedFailed });

    // Whoever holds it is superseded.
    private static StepSnapshot Ended(StepSnapshot step) =>
        StepMachine.Released(step) with { Generation = step.State == StepState.Claimed ? step.Generation + 1 : step.Generation, NotBeforeMs = null };
}
