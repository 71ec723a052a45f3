using ModelContextProtocol.Server;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

[Tool(Toolset.Runs, Changes = true, ShowsIdentity = true)]
internal sealed partial class RenewStep(StepReports reports)
{
    /// <summary>Prolongs the lease of a step you claimed, never beyond its deadline.</summary>
    /// <param name="run_id">The run.</param>
    /// <param name="step_id">The step.</param>
    /// <param name="generation">Of your claim.</param>
    /// <param name="lease_seconds">1-3600 from now.</param>
    [McpServerTool(Name = "renew_step", Title = "Renew step", ReadOnly = false, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public partial Task<StepStanding> RunAsync(string run_id, string step_id, long generation, double lease_seconds = 60, CancellationToken cancellation = default)
    {
        var leaseMs = Limits.LeaseMs(lease_seconds, "lease_seconds");
        return reports.TakeAsync(run_id, step_id, generation, new(null, null, null), _ => new StepRenewed(step_id, generation, leaseMs), cancellation);
    }
}
