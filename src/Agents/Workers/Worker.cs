using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.Workers.Crafts;

namespace Pipeline.Agents.Workers;

/// <summary>Claims steps, does them with its crafts and reports them, one at a time.</summary>
public sealed class Worker(Connection connection, IReadOnlyList<ICraft> crafts, WorkerOptions options, IProgress<WorkerEvent>? progress = null)
{
    // Trying these again gives the same answer.
    private static readonly HashSet<string> Final = new(StringComparer.Ordinal)
    {
        "invalid_argument", "invalid_range", "not_found", "not_media", "unsupported_media", "media_damaged", "limit_exceeded", "not_supported",
        "forbidden", "ffmpeg_missing", "idempotency_mismatch", "invalid_transcript", "invalid_asset", "too_large",
    };

    private readonly Dictionary<string, ICraft> _crafts = crafts
        .SelectMany(craft => craft.Capabilities.Select(capability => (capability, craft)))
        .Where(pair => options.Capabilities.Count == 0 || options.Capabilities.Contains(pair.capability))
        .ToDictionary(pair => pair.capability, pair => pair.craft, StringComparer.Ordinal);

    /// <summary>What it offers.</summary>
    public IReadOnlyCollection<string> Capabilities => _crafts.Keys;

    /// <summary>Works until asked to stop; then what is in hand is finished, or given back when that takes too long.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!await IsThereAsync(stop).ConfigureAwait(false)) await Task.Delay(TimeSpan.FromSeconds(1), options.Time, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Claims one step and does it; false when there was none in time.</summary>
    public async Task<bool> DoOneAsync(double waitSeconds, CancellationToken stop)
    {
        var answer = await connection.ChangeAsync(
            "claim_step", new { workspace = options.Workspace, capabilities = Capabilities.Order(), wait_seconds = waitSeconds, lease_seconds = options.LeaseSeconds },
            Intent.New("claim"), stop).ConfigureAwait(false);
        if (ClaimedStep.From(answer, options.LeaseSeconds) is not { } step) return false;
        Say("claimed", step, $"{step.Capability} {step.StepId}");
        await DoAsync(step, stop).ConfigureAwait(false);
        return true;
    }

    // Workers may be there before their workspace is.
    private async Task<bool> IsThereAsync(CancellationToken stop)
    {
        try
        {
            await DoOneAsync(options.WaitSeconds, stop).ConfigureAwait(false);
            return true;
        }
        catch (ToolRefused refusal) when (refusal is { Code: "not_found", Tool: "claim_step" })
        {
            Say("waiting", null, refusal.Message);
            return false;
        }
    }

    private async Task DoAsync(ClaimedStep step, CancellationToken stop)
    {
        using var craft = new CancellationTokenSource();
        using var drain = stop.Register(() => craft.CancelAfter(options.Drain));
        var work = new StepWork(connection, step);
        var heartbeat = new Heartbeat(connection, work, craft);
        try
        {
            StepReport? report = null;
            Failure? failure = null;
            try
            {
                report = await _crafts[step.Capability].DoAsync(work, craft.Token).ConfigureAwait(false);
            }
            catch (Exception wrong) when (wrong is not ServerUnreachable)
            {
                failure = Why(wrong, heartbeat.Lost, stop.IsCancellationRequested);
            }

            if (failure?.Code == "superseded") Say("dropped", step, "the claim is another's now");
            else if (failure is not null) await FailAsync(step, failure).ConfigureAwait(false);
            else await CompleteAsync(step, report!).ConfigureAwait(false);
        }
        catch (ToolRefused refusal) when (refusal.Code is "superseded" or "invalid_state")
        {
            Say("dropped", step, refusal.Message);
        }
        finally
        {
            await heartbeat.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static Failure Why(Exception wrong, ToolRefused? lost, bool isStopping) => wrong switch
    {
        ToolRefused refusal => new(refusal.Code, refusal.Message, !Final.Contains(refusal.Code), refusal.RetryAfterSeconds),
        CraftFailed failed => new(failed.Code, failed.Message, failed.Retryable),
        OperationCanceledException when lost is not null => new(lost.Code, lost.Message, true),
        OperationCanceledException when isStopping => new("worker_stopped", "The worker was asked to end and gave the step back.", true),
        _ => new("worker_failed", $"{wrong.GetType().Name}: {wrong.Message}", true),
    };

    private async Task CompleteAsync(ClaimedStep step, StepReport report)
    {
        if (report.PassedOver is { } reason) report.Outputs["skipped"] = reason;
        await connection.ChangeAsync(
            "complete_step",
            new
            {
                run_id = step.RunId,
                step_id = step.StepId,
                generation = step.Generation,
                outputs = report.Outputs,
                metrics = Quality.Numbers(report.Metrics),
                model = report.Route?.Model,
                decision_id = report.Route?.DecisionId,
                cost_micros = report.Route?.CostMicros,
            },
            step.Intent("done"), CancellationToken.None).ConfigureAwait(false);
        Say(report.PassedOver is null ? "done" : "skipped", step, report.PassedOver ?? step.Capability);
    }

    private async Task FailAsync(ClaimedStep step, Failure failure)
    {
        var error = new JsonObject { ["code"] = failure.Code, ["message"] = failure.Message };
        if (failure.RetryAfterSeconds is { } seconds) error["retry_after_seconds"] = seconds;
        await connection.ChangeAsync(
            "fail_step", new { run_id = step.RunId, step_id = step.StepId, generation = step.Generation, error, retryable = failure.Retryable },
            step.Intent("failed"), CancellationToken.None).ConfigureAwait(false);
        Say("failed", step, $"{failure.Code}: {failure.Message}");
    }

    private void Say(string kind, ClaimedStep? step, string text) =>
        progress?.Report(new WorkerEvent(connection.Agent, kind, step?.RunId, step?.StepId, step?.Capability, text));

    private sealed record Failure(string Code, string Message, bool Retryable, double? RetryAfterSeconds = null);
}
