using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Plans;

/// <summary>Proven plans. A row is only ever added: what a run was started with stays as it was.</summary>
public static class PlansTable
{
    public static readonly Table Schema = new("plans",
        """
        create table plans (
            plan_id text primary key, workspace text not null, principal text not null, agent text not null, name text,
            document text not null, sha256 text not null, estimate text not null, created_at_ms bigint not null);
        """);

    private const string Columns = "plan_id, workspace, principal, agent, name, document, sha256, estimate, created_at_ms";

    public static ValueTask<int> InsertAsync(ITransaction tx, PlanRow row) => tx.ExecuteAsync(
        $"insert into plans({Columns}) values(@PlanId, @Workspace, @Principal, @Agent, @Name, @Document, @Sha256, @Estimate, @CreatedAtMs)", row);

    public static ValueTask<PlanRow?> FindAsync(IQuery query, string planId) =>
        query.FirstAsync<PlanRow>($"select {Columns} from plans where plan_id=@planId", new { planId });

    /// <summary>The plan, when it exists in a workspace that the caller sees.</summary>
    public static async ValueTask<PlanRow> RequireAsync(IQuery query, Caller caller, string planId) =>
        await FindAsync(query, planId).ConfigureAwait(false) is { } row && caller.Sees(row.Workspace) ? row : throw new NotFoundError("plan", planId, "create_plan makes one.");
}
