using System.Text.Json;
using ModelContextProtocol.Server;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

[Tool(Toolset.Runs, Changes = true, ShowsIdentity = true)]
internal sealed partial class CompleteStep(StepReports reports)
{
    /// <summary>Reports the result of a step you claimed; what comes after it is released. outputs {"skipped": "reason"} says that there was nothing you could do.</summary>
    /// <param name="run_id">The run.</param>
    /// <param name="step_id">The step.</param>
    /// <param name="generation">Of your claim.</param>
    /// <param name="outputs">As the capability documents it.</param>
    /// <param name="metrics">Numbers; quality gates read them.</param>
    /// <param name="cost_micros">Cost in all, its jobs too.</param>
    /// <param name="model">What did it.</param>
    /// <param name="decision_id">From route_step.</param>
    [McpServerTool(Name = "complete_step", Title = "Complete step", ReadOnly = false, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public partial Task<StepStanding> RunAsync(
        string run_id, string step_id, long generation, IReadOnlyDictionary<string, JsonElement>? outputs = null, IReadOnlyDictionary<string, JsonElement>? metrics = null, long? cost_micros = null, string? model = null,
        string? decision_id = null, CancellationToken cancellation = default)
    {
        var given = ReportedObject.Read(outputs, "outputs");
        var measured = ReportedObject.Numbers(metrics, "metrics");
        var skipped = ReportedObject.Skipped(given);
        return reports.TakeAsync(run_id, step_id, generation, new(cost_micros, model, decision_id),
            known => skipped is null ? new StepCompleted(step_id, generation, given, measured, known) : new StepPassedOver(step_id, generation, skipped), cancellation);
    }
}
