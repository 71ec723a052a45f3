using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Runs;

/// <summary>Writes what happens to a run: rows, claims and events, in the transaction in which the run was read.</summary>
internal sealed class RunBook(EventLog events, Ids ids, RunMemory memory, RunOptions options)
{
    private const long OrdersPerMs = 1_000_000;

    public ValueTask<RunSnapshot> LoadAsync(IQuery query, RunRow row) => memory.LoadAsync(query, row);

    public ValueTask<ProvenPlan> PlanAsync(IQuery query, string planId) => memory.PlanAsync(query, planId);

    /// <summary>Writes a new run and releases its first steps.</summary>
    public async ValueTask<RunSnapshot> BeginAsync(ITransaction tx, RunRow row, ProvenPlan plan)
    {
        var fresh = RunSnapshot.New(row.RunId, plan, row.Inputs);
        var changes = RunMachine.Advance(fresh, new RunStarted(), tx.NowMs, ids.Chance());
        await RunsTable.InsertAsync(tx, row).ConfigureAwait(false);
        await events.AppendAsync(tx, row.Workspace, "run.started", row.RunId, new { row.RunId, row.PlanId, plan.Plan.Name, steps = plan.Plan.Steps.Count }).ConfigureAwait(false);
        var moved = changes.OfType<StepChanged>().Select(change => change.Step.StepId).ToHashSet(StringComparer.Ordinal);
        foreach (var id in plan.Graph.Order.Where(id => !moved.Contains(id)))
        {
            await StepsTable.PutAsync(tx, StepRow.From(row, plan.Graph.Step(id).Capability, fresh.Steps[id])).ConfigureAwait(false);
        }

        return await ApplyAsync(tx, row, fresh, new RunStarted(), changes).ConfigureAwait(false);
    }

    /// <summary>Works out what <paramref name="happened"/> means and stores it.</summary>
    /// <returns>The run afterwards.</returns>
    public async ValueTask<RunSnapshot> AdvanceAsync(ITransaction tx, RunRow row, RunEvent happened)
    {
        var run = await memory.LoadAsync(tx, row).ConfigureAwait(false);
        var changes = RunMachine.Advance(run, happened, tx.NowMs, ids.Chance());
        return changes.Count == 0 ? run : await ApplyAsync(tx, row, run, happened, changes).ConfigureAwait(false);
    }

    private async ValueTask<RunSnapshot> ApplyAsync(ITransaction tx, RunRow row, RunSnapshot before, RunEvent happened, IReadOnlyList<Change> changes)
    {
        var order = 0;
        foreach (var change in changes.OfType<StepChanged>())
        {
            await WriteAsync(tx, row, before.Graph, change, order++).ConfigureAwait(false);
            await NoteClaimAsync(tx, row, before.Graph, change, happened).ConfigureAwait(false);
            await TellAsync(tx, row, before.Graph, change).ConfigureAwait(false);
        }

        var after = before.With(changes);
        var changed = Timed(tx, row with { Stamp = ids.New("stamp"), State = Wire.Name(after.State) }, after);
        var isOver = after.State is not (RunState.Running or RunState.Paused);
        changed = changed with { DeliveredMs = isOver ? await DeliveredMedia.OfAsync(tx, after).ConfigureAwait(false) : null };
        await RunsTable.ChangeAsync(tx, changed).ConfigureAwait(false);
        if (changes.OfType<RunChanged>().FirstOrDefault() is { } turned)
        {
            var kind = turned is { State: RunState.Running } ? "run.resumed" : "run." + changed.State;
            await events.AppendAsync(tx, row.Workspace, kind, row.RunId, new { row.RunId, changed.State, from = Wire.Name(turned.Before) }).ConfigureAwait(false);
        }

        if (changes.Any(change => change is RunChanged or StepChanged { Step.State: StepState.Ready or StepState.Waiting }))
        {
            tx.Notify(StepsTable.Channel(row.Workspace));
            tx.Notify(StepsTable.AnyChannel);
        }

        memory.Keep(changed, after);
        return after;
    }

    // A run that is opened again keeps everything until it ends anew.
    private RunRow Timed(ITransaction tx, RunRow row, RunSnapshot after)
    {
        if (after.State is RunState.Running or RunState.Paused)
        {
            return row with { EndedAtMs = null, ExpireAtMs = null };
        }

        var kept = after.Plan.IntermediatesHours is { } hours ? TimeSpan.FromHours(hours) : options.IntermediatesKept;
        return row.EndedAtMs is not null ? row
            : row with { EndedAtMs = tx.NowMs, ExpireAtMs = after.Plan.Deliverables.Count == 0 ? null : tx.NowMs + (long)kept.TotalMilliseconds };
    }

    private static ValueTask<int> WriteAsync(ITransaction tx, RunRow run, PlanGraph graph, StepChanged change, int order)
    {
        var step = change.Step;
        var row = StepRow.From(run, graph.Step(step.BaseId).Capability, step);
        return StepsTable.PutAsync(tx, row with
        {
            // A step that is given back keeps its turn behind those that were ready meanwhile.
            ReadyOrder = step.State == StepState.Ready ? (tx.NowMs * OrdersPerMs) + order : null,
            StartedAtMs = step.State == StepState.Claimed || step is { State: StepState.Waiting, Reason: Reasons.Items } ? tx.NowMs : null,
            EndedAtMs = step.IsSettled ? tx.NowMs : null,
        });
    }

    private static async ValueTask NoteClaimAsync(ITransaction tx, RunRow run, PlanGraph graph, StepChanged change, RunEvent happened)
    {
        var (before, after) = (change.Before, change.Step);
        if (after.State == StepState.Claimed && after.Generation != before?.Generation)
        {
            var worker = WorkerName.Read(after.Worker!);
            await AttemptsTable.InsertAsync(tx, new()
            {
                RunId = run.RunId, StepId = after.StepId, Generation = after.Generation, Capability = graph.Step(after.BaseId).Capability,
                Principal = worker.Principal, Agent = worker.Agent, ClaimedAtMs = tx.NowMs,
            }).ConfigureAwait(false);
        }

        if (before?.State == StepState.Claimed && (after.State != StepState.Claimed || after.Generation != before.Generation))
        {
            var outcome = Outcome(before, after, happened);
            var error = happened is StepFailed failed ? (failed.Code, failed.Message) : outcome is AttemptOutcome.Succeeded ? default : (Code: after.ErrorCode, Message: after.ErrorMessage);
            await AttemptsTable.EndAsync(tx, run.RunId, after.StepId, before.Generation, outcome, error.Code, error.Message).ConfigureAwait(false);
        }
    }

    private static string Outcome(StepSnapshot before, StepSnapshot after, RunEvent happened) => happened switch
    {
        StepCompleted => after.State == StepState.Succeeded || Approving.IsOfResult(after) ? AttemptOutcome.Succeeded : AttemptOutcome.BelowBar,
        StepFailed { Retryable: true, Code: StepMachine.GivenBack } => AttemptOutcome.Withdrawn,
        StepFailed => AttemptOutcome.Failed,
        StepPassedOver => AttemptOutcome.Skipped,
        TimePassed or StepClaimed => after.LostClaims > before.LostClaims ? AttemptOutcome.Expired : AttemptOutcome.Timeout,
        _ => AttemptOutcome.Withdrawn,
    };

    // A longer lease is no news.
    private async ValueTask TellAsync(ITransaction tx, RunRow run, PlanGraph graph, StepChanged change)
    {
        var (before, step) = (change.Before, change.Step);
        if (step.State == StepState.Blocked || (step.State == before?.State && step.Generation == before.Generation && step.Reason == before.Reason)) return;
        await events.AppendAsync(tx, run.Workspace, step is { State: StepState.Waiting, Reason: Reasons.Approval } ? "step.waiting_approval" : "step." + Wire.Name(step.State), run.RunId, new
        {
            run.RunId,
            step.StepId,
            graph.Step(step.BaseId).Capability,
            from = before is null ? null : Wire.Name(before.State),
            step.Reason,
            step.Generation,
            agent = step.Worker is null ? null : WorkerName.Read(step.Worker).Agent,
            step.Model,
            asset = Approving.IsOfResult(step) ? Approving.Version(step) : null,
            error = step.ErrorCode,
            not_before = Instant.From(step.NotBeforeMs),
        }).ConfigureAwait(false);
    }
}
