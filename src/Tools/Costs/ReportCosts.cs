using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Costs;

[Tool(Toolset.Runs)]
internal sealed partial class ReportCosts(Call call, IEnumerable<IRunDirectory> runs, IEnumerable<IDeliveredMedia> media)
{
    /// <summary>Adds up what a workspace or a run spent and saved, in millionths of a dollar.</summary>
    /// <param name="workspace">The workspace; or give run_id.</param>
    /// <param name="run_id">One run.</param>
    /// <param name="group_by">How totals are grouped.</param>
    [McpServerTool(Name = "report_costs", Title = "Report costs", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<CostReport> RunAsync(
        string? workspace = null, string? run_id = null, CostGroup group_by = CostGroup.Step, CancellationToken cancellation = default)
    {
        if (workspace is null == run_id is null)
        {
            throw new InvalidArgumentError("workspace", "Give either workspace or run_id, one of the two.");
        }

        return await call.Database.ReadAsync(async query =>
        {
            var place = workspace ?? await RunPlace.OfAsync(query, runs, call.Caller, run_id!).ConfigureAwait(false);
            await WorkspacesTable.RequireAsync(query, call.Caller, place).ConfigureAwait(false);
            var charges = await CostsTable.ListAsync(query, place, run_id).ConfigureAwait(false);
            var moved = await MovementsTable.TotalsAsync(query, place, run_id).ConfigureAwait(false);
            var seconds = 0.0;
            foreach (var source in media)
            {
                seconds += await source.SecondsAsync(query, place, run_id).ConfigureAwait(false);
            }

            return CostReport.From(charges, moved, seconds, Key(group_by));
        }, cancellation).ConfigureAwait(false);
    }

    private static Func<Charge, string?> Key(CostGroup group) => group switch
    {
        CostGroup.Model => charge => charge.Model,
        CostGroup.Request => charge => charge.Request,
        CostGroup.Tier => charge => charge.Tier,
        CostGroup.Run => charge => charge.RunId,
        CostGroup.Provider => charge => charge.Provider,
        CostGroup.Capability => charge => charge.Capability,
        _ => charge => charge.StepId,
    };
}
