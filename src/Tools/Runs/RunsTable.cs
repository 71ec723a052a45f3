using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

/// <summary>Runs of plans.</summary>
public static class RunsTable
{
    public static readonly Table Schema = new("runs",
        """
        create table runs (
            run_id text primary key, plan_id text not null, workspace text not null, state text not null, principal text not null, agent text not null,
            inputs text, budget_micros bigint, stamp text not null, created_at_ms bigint not null, ended_at_ms bigint);
        create index runs_by_workspace on runs(workspace, created_at_ms);
        """);

    private const string Columns = "run_id, plan_id, workspace, state, principal, agent, inputs, budget_micros, stamp, created_at_ms, ended_at_ms";

    public static ValueTask<int> InsertAsync(ITransaction tx, RunRow row) => tx.ExecuteAsync(
        $"insert into runs({Columns}) values(@RunId, @PlanId, @Workspace, @State, @Principal, @Agent, @Inputs, @BudgetMicros, @Stamp, @CreatedAtMs, @EndedAtMs)", row);

    public static ValueTask<RunRow?> FindAsync(IQuery query, string runId) =>
        query.FirstAsync<RunRow>($"select {Columns} from runs where run_id=@runId", new { runId });

    /// <summary>The run, when it exists in a workspace that the caller sees.</summary>
    public static async ValueTask<RunRow> RequireAsync(IQuery query, Caller caller, string runId) =>
        await FindAsync(query, runId).ConfigureAwait(false) is { } row && caller.Sees(row.Workspace) ? row : throw new NotFoundError("run", runId);

    /// <summary>The newest runs of <paramref name="workspaces"/> (null: of all) whose id begins so.</summary>
    public static ValueTask<IReadOnlyList<string>> RecentIdsAsync(IQuery query, IReadOnlyCollection<string>? workspaces, string start, int limit) => query.QueryAsync<string>(
        """
        select run_id from runs where (@All=1 or workspace in @Workspaces) and substr(run_id, 1, length(@start))=@start
        order by created_at_ms desc, run_id limit @limit
        """,
        new { All = workspaces is null ? 1 : 0, Workspaces = workspaces ?? [], start, limit });

    /// <summary>Notes a change of the run or of its steps.</summary>
    public static ValueTask<int> ChangeAsync(ITransaction tx, RunRow row) => tx.ExecuteAsync(
        "update runs set state=@State, stamp=@Stamp, ended_at_ms=@EndedAtMs where run_id=@RunId", row);
}
