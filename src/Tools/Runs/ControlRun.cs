using System.ComponentModel.DataAnnotations;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

[Tool(Toolset.Runs, Changes = true)]
internal sealed partial class ControlRun(Call call, RunBook book)
{
    /// <summary>Pauses, resumes or cancels a run; retries a failed step and what was skipped because of it; skips a step so that the rest goes on.</summary>
    /// <param name="run_id">The run.</param>
    /// <param name="action">What to do.</param>
    /// <param name="step_id">For retry_step and skip_step.</param>
    [McpServerTool(Name = "control_run", Title = "Control run", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<RunStanding> RunAsync(
        string run_id, [AllowedValues("pause", "resume", "cancel", "retry_step", "skip_step")] string action, string? step_id = null, CancellationToken cancellation = default)
    {
        var happened = Event(action, step_id);
        var row = await call.Database.ReadAsync(query => RunsTable.RequireAsync(query, call.Caller, run_id), cancellation).ConfigureAwait(false);
        return await call.CommitAsync(row.Workspace, null, async tx =>
        {
            var stored = (await RunsTable.FindAsync(tx, run_id).ConfigureAwait(false))!;
            var run = await book.AdvanceAsync(tx, stored, happened).ConfigureAwait(false);
            return new RunStanding(run_id, Wire.Name(run.State), step_id is null ? null : StepStanding.From(run, run.Steps[step_id]));
        }, cancellation, result => new { result.RunId, action, step_id, result.State }).ConfigureAwait(false);
    }

    private static RunEvent Event(string action, string? stepId) => (action, stepId) switch
    {
        ("pause", null) => new RunPaused(),
        ("resume", null) => new RunResumed(),
        ("cancel", null) => new RunCancelled(),
        ("retry_step", { } id) => new StepRetried(id),
        ("skip_step", { } id) => new StepSkipped(id),
        ("retry_step" or "skip_step", null) => throw new InvalidArgumentError("step_id", $"{action} needs step_id."),
        ("pause" or "resume" or "cancel", _) => throw new InvalidArgumentError("step_id", $"{action} is for the whole run; leave step_id out."),
        _ => throw new InvalidArgumentError("action", "action is pause, resume, cancel, retry_step or skip_step."),
    };
}

/// <summary>How a run stands, and the step that was acted on.</summary>
public sealed record RunStanding(string RunId, string State, StepStanding? Step);
