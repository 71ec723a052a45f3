using System.ComponentModel.DataAnnotations;
using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Runs;

[Tool(Toolset.Runs, Changes = true)]
internal sealed partial class ApproveStep(Call call, RunBook book, EventLog events)
{
    private const int LongestNote = 2_000;

    /// <summary>A human's verdict on a waiting result or, without asset, on what a step may spend. A rejected result is redone with the note.</summary>
    /// <param name="run_id">The run.</param>
    /// <param name="step_id">The step.</param>
    /// <param name="verdict">On it.</param>
    /// <param name="asset">The exact version seen.</param>
    /// <param name="note">Why.</param>
    /// <param name="up_to_micros">Sum in all.</param>
    [McpServerTool(Name = "approve_step", Title = "Approve step", ReadOnly = false, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<StepStanding> RunAsync(
        string run_id, string step_id, [AllowedValues("approve", "reject")] string verdict, string? asset = null, string? note = null, long? up_to_micros = null, CancellationToken cancellation = default)
    {
        if (verdict is not (ApprovalRow.Approve or ApprovalRow.Reject))
        {
            throw new InvalidArgumentError("verdict", "verdict is approve or reject.");
        }

        if (note?.Length > LongestNote)
        {
            throw new InvalidArgumentError("note", $"note is at most {LongestNote} characters.");
        }

        if (Limits.Micros(up_to_micros, "up_to_micros") is not null && (asset is not null || verdict != ApprovalRow.Approve))
        {
            throw new InvalidArgumentError("up_to_micros", "up_to_micros comes with a leave to spend: verdict approve, without asset.");
        }

        var name = asset is null ? null : AssetName.Parse(asset);
        if (name is { Version: null })
        {
            throw new InvalidArgumentError("asset", $"Name the version that was looked at, as '{asset}@1'.");
        }

        var row = await call.Database.ReadAsync(query => RunsTable.RequireAsync(query, call.Caller, run_id), cancellation).ConfigureAwait(false);
        if (name is not null && !call.Caller.Sees(name.Workspace))
        {
            throw new NotFoundError("asset", asset!);
        }

        return await call.CommitAsync(
            row.Workspace, asset, tx => TakeAsync(tx, run_id, step_id, name, verdict, note, up_to_micros), cancellation, standing => new { standing.RunId, standing.StepId, verdict, up_to_micros, standing.State },
            scope: Scopes.Of([row.Workspace, name?.Workspace ?? row.Workspace])).ConfigureAwait(false);
    }

    private async ValueTask<StepStanding> TakeAsync(ITransaction tx, string runId, string stepId, AssetName? name, string verdict, string? note, long? upToMicros)
    {
        var row = (await RunsTable.FindAsync(tx, runId).ConfigureAwait(false))!;
        var run = await book.LoadAsync(tx, row).ConfigureAwait(false);
        if (!run.Steps.TryGetValue(stepId, out var step)) throw new UnknownStepError(runId, stepId);
        var before = await ApprovalsTable.NewestAsync(tx, runId, stepId, name?.Current, name?.Version).ConfigureAwait(false);
        var waits = Approving.IsOfResult(step) || Approving.IsOfCost(step);
        if (!waits && before?.Verdict == verdict && before.Generation == step.Generation && (name is not null || (before.UpToMicros == upToMicros && SpendApproval.Stands(before, tx.NowMs))))
        {
            return StepStanding.From(run, step); // the same verdict again
        }

        if (Approving.IsOfResult(step))
        {
            if (upToMicros is not null) throw new InvalidArgumentError("up_to_micros", $"Step '{step.StepId}' waits with a result, not for a leave to spend.");
            await CheckResultAsync(tx, run, step, name, verdict).ConfigureAwait(false);
        }
        else
        {
            CheckCost(row, step, name);
        }

        await ApprovalsTable.AddAsync(tx, new()
        {
            Workspace = row.Workspace, RunId = runId, StepId = stepId, Generation = step.Generation, Asset = name?.Current, Version = name?.Version, Verdict = verdict,
            Note = note, UpToMicros = upToMicros, Principal = call.Caller.Principal, Agent = call.Agent, AtMs = tx.NowMs,
        }).ConfigureAwait(false);
        await events.AppendAsync(tx, row.Workspace, verdict == ApprovalRow.Approve ? "step.approved" : "step.rejected", runId, new
        {
            runId, stepId, asset = name?.ToString(), note, upToMicros, by = call.Caller.Principal, agent = call.Agent,
        }).ConfigureAwait(false);
        if (!waits) return StepStanding.From(run, step);
        if (verdict == ApprovalRow.Reject && Approving.IsOfResult(step)) await RejectedResult.WriteOffAsync(tx, row, run, step).ConfigureAwait(false);
        var after = await book.AdvanceAsync(tx, row, verdict == ApprovalRow.Approve ? new StepApproved(stepId) : new StepRejected(stepId, note)).ConfigureAwait(false);
        return StepStanding.From(after, after.Steps[stepId]);
    }

    // Exactly what the step waits with; to be approved it must still be what everyone else gets, too.
    private async ValueTask CheckResultAsync(ITransaction tx, RunSnapshot run, StepSnapshot step, AssetName? name, string verdict)
    {
        var waiting = AssetName.Parse(Approving.Version(step)!);
        if (name is null && verdict == ApprovalRow.Approve) throw new InvalidArgumentError("asset", $"Name the version that you approve: the step waits with '{waiting}'.");
        if (name is not null && name.Current != waiting.Current) throw new InvalidArgumentError("asset", $"The step waits with '{waiting}', not with '{name}'.");
        var current = await AssetsTable.FindAsync(tx, waiting with { Version = null }).ConfigureAwait(false);
        if (name is not null && (name != waiting || (verdict == ApprovalRow.Approve && current?.Version != waiting.Version)))
        {
            throw new StaleVersionError(name.ToString(), waiting.ToString(), current?.Version);
        }

        if (call.Caller.Role == Role.Admin) return;
        var attempts = await AttemptsTable.OfRunAsync(tx, run.RunId).ConfigureAwait(false);
        var isMine = attempts.Any(attempt => attempt.Principal == call.Caller.Principal && (attempt.StepId == step.StepId
            ? attempt.Generation == step.Generation
            : run.Steps[attempt.StepId].SourceId == step.StepId && attempt.Outcome == AttemptOutcome.Succeeded));
        if (isMine) throw new ForbiddenError("approval by another principal than the one that made it", call.Caller.Principal);
    }

    private void CheckCost(RunRow row, StepSnapshot step, AssetName? name)
    {
        if (step.IsSettled) throw new InvalidStateError($"Step '{step.StepId}' is {StepMachine.Say(step)}; it waits for no approval.", StepMachine.Say(step));
        if (name is not null) throw new InvalidArgumentError("asset", $"Step '{step.StepId}' is {StepMachine.Say(step)} and has no result to approve; without asset the call is about what it may spend.");
        if (call.Caller.Role == Role.Admin) return;
        var isMine = row.Principal == call.Caller.Principal || (step.Worker is { } worker && WorkerName.Read(worker).Principal == call.Caller.Principal);
        if (isMine) throw new ForbiddenError("approval by another principal than the run's own", call.Caller.Principal);
    }
}
