using ModelContextProtocol.Server;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

[Tool(Toolset.Runs, Changes = true, ShowsIdentity = true)]
internal sealed partial class FailStep(StepReports reports)
{
    /// <summary>Reports that you could not do a step you claimed. If retryable it is tried again as its retry rule allows.</summary>
    /// <param name="run_id">The run.</param>
    /// <param name="step_id">The step.</param>
    /// <param name="generation">Of your claim.</param>
    /// <param name="error">{code, message?, retry_after_seconds?}</param>
    /// <param name="retryable">Whether another attempt may help.</param>
    /// <param name="cost_micros">Cost in all, its jobs too.</param>
    /// <param name="model">What failed.</param>
    /// <param name="decision_id">From route_step.</param>
    [McpServerTool(Name = "fail_step", Title = "Fail step", ReadOnly = false, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public partial Task<StepStanding> RunAsync(
        string run_id, string step_id, long generation, ReportedError error, bool retryable = true, long? cost_micros = null, string? model = null,
        string? decision_id = null, CancellationToken cancellation = default)
    {
        var wrong = error.Checked();
        return reports.TakeAsync(run_id, step_id, generation, new(cost_micros, model, decision_id),
            known => new StepFailed(step_id, generation, wrong.Code, wrong.Message ?? wrong.Code, retryable, known, (long)((wrong.RetryAfterSeconds ?? 0) * 1_000)), cancellation);
    }
}
