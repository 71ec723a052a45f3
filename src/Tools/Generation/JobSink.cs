using System.Text.Json;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;

namespace Pipeline.Tools.Generation;

/// <summary>
/// Asks for the end of jobs whose run was cancelled, or whose step was skipped or cancelled, in that very transaction; and when a step has its result, counts as
/// waste what was paid for results that this one replaced.
/// </summary>
internal sealed class JobSink : IEventSink
{
    public async ValueTask OnAppendedAsync(ITransaction tx, Event happened)
    {
        if (happened is { Kind: "run.cancelled", Subject: { } runId })
        {
            await JobsTable.CancelAsync(tx, runId, null).ConfigureAwait(false);
        }
        else if (happened is { Kind: "step.skipped" or "step.cancelled", Subject: { } ofRun } && Wire.Read<JsonElement>(happened.Data).TryGetProperty("step_id", out var step))
        {
            await JobsTable.CancelAsync(tx, ofRun, step.GetString()).ConfigureAwait(false);
        }
        else if (happened is { Kind: "step.succeeded", Subject: { } inRun } && Wire.Read<JsonElement>(happened.Data).TryGetProperty("step_id", out var done))
        {
            await ReplacedResults.WriteOffAsync(tx, happened.Workspace, inRun, done.GetString()!).ConfigureAwait(false);
        }
    }
}
