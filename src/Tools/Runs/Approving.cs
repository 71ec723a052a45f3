using System.Text.Json.Nodes;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Plans;
using Pipeline.Tools.Plans.Expressions;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Runs;

/// <summary>
/// How a step waits for a human. Of its result: it has outputs, and what comes after it stays blocked. Of what it may cost: it has none, and nobody
/// may claim it. Pure.
/// </summary>
public static class Approving
{
    /// <summary>The note of a rejection, among the inputs of the next attempt.</summary>
    public const string Note = "note";

    /// <summary>Whether a human is asked about its result.</summary>
    public static bool NeedsResult(PlanStep plan) => plan.Approval is { OfResult: true };

    /// <summary>Whether it waits with a result.</summary>
    public static bool IsOfResult(StepSnapshot step) => step is { State: StepState.Waiting, Reason: Reasons.Approval, Outputs: not null };

    /// <summary>Whether it waits for the leave to spend.</summary>
    public static bool IsOfCost(StepSnapshot step) => step is { State: StepState.Waiting, Reason: Reasons.Approval, Outputs: null };

    /// <summary>The version in its outputs, as <c>film/final.mp4@3</c>; null when they name none.</summary>
    public static string? Version(StepSnapshot step)
    {
        if (Values.Text((RunScope.Json(step.Outputs) as JsonObject)?["asset"]) is not { } text) return null;
        try
        {
            return AssetName.Parse(text) is { Version: not null } name ? name.ToString() : null;
        }
        catch (InvalidArgumentError)
        {
            return null;
        }
    }

    /// <summary>A step that is done, or waiting to be approved where its plan asks for that.</summary>
    internal static StepSnapshot Asked(StepSnapshot done, PlanStep plan) =>
        NeedsResult(plan) ? done with { State = StepState.Waiting, Reason = Reasons.Approval } : done;

    /// <summary>A step that is ready, or waiting for the leave to spend so much. What an earlier attempt left is put away.</summary>
    internal static StepSnapshot Released(StepSnapshot ready, PlanStep plan, long callMicros) => callMicros > plan.Approval?.AboveMicros
        ? ready with { State = StepState.Waiting, Reason = Reasons.Approval, Outputs = null, Metrics = null }
        : ready;

    internal static StepSnapshot Approve(StepSnapshot step) => step switch
    {
        _ when IsOfResult(step) => step with { State = StepState.Succeeded, Reason = null },
        _ when IsOfCost(step) => step with { State = StepState.Ready, Reason = null },
        _ => throw Idle(step),
    };

    /// <summary>Sends a result back at once, without a rest, while attempts are left; otherwise, and for a cost, the step has failed.</summary>
    internal static void Reject(RunWork work, StepSnapshot step, string? note)
    {
        var message = note ?? "A human rejected it.";
        if (IsOfCost(step))
        {
            work.Put(StepMachine.Failed(step, AttemptOutcome.Rejected, message));
            return;
        }

        if (!IsOfResult(step)) throw Idle(step);
        var failed = StepMachine.Failed(step, AttemptOutcome.Rejected, message) with { Failures = step.Failures + 1, RepairsForgiven = step.Repairs };
        if (failed.Failures >= work.Graph.Step(step.BaseId).Retry.MaxAttempts)
        {
            work.Put(failed);
            return;
        }

        var inputs = RunScope.Json(step.Inputs) as JsonObject ?? [];
        if (note is not null) inputs[Note] = note;
        work.Put(failed with { State = StepState.Ready, Inputs = inputs.ToJsonString() });
    }

    private static InvalidStateError Idle(StepSnapshot step) => new($"Step '{step.StepId}' is {StepMachine.Say(step)}; it waits for no approval.", StepMachine.Say(step));
}
