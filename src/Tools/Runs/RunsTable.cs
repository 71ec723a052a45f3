using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Runs.Metrics;

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
        """,
        """
        alter table runs add column expire_at_ms bigint;
        alter table runs add column expired bigint not null default 0;
        alter table runs add column expired_bytes bigint not null default 0;
        create index runs_expiring on runs(expire_at_ms) where expire_at_ms is not null;
        create index runs_open on runs(run_id) where ended_at_ms is null;
        """,
        "alter table runs add column delivered_ms bigint");

    private const string Columns = "run_id, plan_id, workspace, state, principal, agent, inputs, budget_micros, stamp, created_at_ms, ended_at_ms, expire_at_ms, expired, expired_bytes, delivered_ms";

    public static ValueTask<int> InsertAsync(ITransaction tx, RunRow row) => tx.ExecuteAsync(
        $"insert into runs({Columns}) values(@RunId, @PlanId, @Workspace, @State, @Principal, @Agent, @Inputs, @BudgetMicros, @Stamp, @CreatedAtMs, @EndedAtMs, @ExpireAtMs, @Expired, @ExpiredBytes, @DeliveredMs)", row);

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

    /// <summary>That a row's run is not over, for conditions in SQL; false of what belongs to none.</summary>
    /// <param name="row">The table or alias that has the run's id.</param>
    public static string IsUnderWay(string row) => $"exists (select 1 from runs where runs.run_id={row}.run_id and runs.ended_at_ms is null)";

    /// <summary>Notes a change of the run or of its steps.</summary>
    public static ValueTask<int> ChangeAsync(ITransaction tx, RunRow row) => tx.ExecuteAsync(
        "update runs set state=@State, stamp=@Stamp, ended_at_ms=@EndedAtMs, expire_at_ms=@ExpireAtMs, delivered_ms=@DeliveredMs where run_id=@RunId", row);

    /// <summary>Milliseconds of media that ended runs delivered.</summary>
    public static ValueTask<long> DeliveredMsAsync(IQuery query, string workspace, string? runId) => query.FirstAsync<long>(
        $"select cast(coalesce(sum(delivered_ms), 0) as bigint) from runs where workspace=@workspace {(runId is null ? "" : "and run_id=@runId")}", new { workspace, runId });

    /// <summary>The runs that ended since a time and delivered media.</summary>
    public static ValueTask<IReadOnlyList<DeliveredAt>> DeliveredAsync(IQuery query, string workspace, string? runId, long fromMs) => query.QueryAsync<DeliveredAt>(
        $"""
        select ended_at_ms as at_ms, delivered_ms from runs
        where workspace=@workspace and {(runId is null ? "" : "run_id=@runId and ")}ended_at_ms>=@fromMs and delivered_ms is not null
        """,
        new { workspace, runId, fromMs });

    /// <summary>Runs whose intermediates are due, longest due first.</summary>
    public static ValueTask<IReadOnlyList<RunRow>> ExpiringAsync(IQuery query, int limit) => query.QueryAsync<RunRow>(
        $"select {Columns} from runs where expire_at_ms<=@NowMs order by expire_at_ms, run_id limit @limit", new { limit, query.NowMs });

    /// <summary>Runs that may still take what they name: those that are not over, and those whose own intermediates are not yet due.</summary>
    public static ValueTask<IReadOnlyList<RunRow>> LiveAsync(IQuery query) => query.QueryAsync<RunRow>(
        $"select {Columns} from runs where ended_at_ms is null or (expire_at_ms>@NowMs and expired=0)", new { query.NowMs });

    /// <summary>Notes what expired and when to look again; null when nothing is left.</summary>
    public static ValueTask<int> ExpiredAsync(ITransaction tx, string runId, long? againAtMs, long expired, long bytes) => tx.ExecuteAsync(
        "update runs set expire_at_ms=@againAtMs, expired=expired+@expired, expired_bytes=expired_bytes+@bytes where run_id=@runId", new { runId, againAtMs, expired, bytes });
}
