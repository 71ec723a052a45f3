using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Runs;

/// <summary>What humans approved and rejected.</summary>
public static class ApprovalsTable
{
    public static readonly Table Schema = new("approvals",
        """
        create table approvals (
            approval_id {identity}, workspace text not null, run_id text not null, step_id text not null, generation bigint not null, asset text, version bigint,
            verdict text not null, note text, principal text not null, agent text not null, at_ms bigint not null);
        create index approvals_by_step on approvals(run_id, step_id);
        create index approvals_by_asset on approvals(asset, version) where asset is not null;
        """,
        "alter table approvals add column up_to_micros bigint");

    private const string Columns = "workspace, run_id, step_id, generation, asset, version, verdict, note, up_to_micros, principal, agent, at_ms";

    public static ValueTask<int> AddAsync(ITransaction tx, ApprovalRow row) => tx.ExecuteAsync(
        $"insert into approvals({Columns}) values(@Workspace, @RunId, @StepId, @Generation, @Asset, @Version, @Verdict, @Note, @UpToMicros, @Principal, @Agent, @AtMs)", row);

    /// <summary>The newest verdict about a step's version, or, without one, about what it may spend; null when there is none.</summary>
    public static ValueTask<ApprovalRow?> NewestAsync(IQuery query, string runId, string stepId, string? asset, long? version) => query.FirstAsync<ApprovalRow>(
        $"""
        select {Columns} from approvals where run_id=@runId and step_id=@stepId and {(asset is null ? "asset is null" : "asset=@asset and version=@version")}
        order by approval_id desc limit 1
        """,
        new { runId, stepId, asset, version });

    /// <summary>All verdicts of a run, oldest first.</summary>
    public static ValueTask<IReadOnlyList<ApprovalRow>> OfRunAsync(IQuery query, string runId) =>
        query.QueryAsync<ApprovalRow>($"select {Columns} from approvals where run_id=@runId order by approval_id", new { runId });

    /// <summary>Whether a human's approval of exactly that version stands: it is the newest verdict about it, and the version is still the asset's current one.</summary>
    /// <param name="query">The store.</param>
    /// <param name="asset">The address; a version in it is passed over.</param>
    /// <param name="version">The version.</param>
    public static async ValueTask<bool> IsApprovedAsync(IQuery query, string asset, long version)
    {
        var name = AssetName.Parse(asset) with { Version = null };
        if (await AssetsTable.FindAsync(query, name).ConfigureAwait(false) is not { } current || current.Version != version)
        {
            return false;
        }

        var verdict = await query.FirstAsync<string>(
            "select verdict from approvals where asset=@Current and version=@version order by approval_id desc limit 1", new { name.Current, version }).ConfigureAwait(false);
        return verdict == ApprovalRow.Approve;
    }
}
