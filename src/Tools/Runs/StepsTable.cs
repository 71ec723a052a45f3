using Pipeline.Storage.State;

namespace Pipeline.Tools.Runs;

/// <summary>The steps of runs: those of the plan, the items of fan-outs, and repairs.</summary>
public static class StepsTable
{
    public static readonly Table Schema = new("steps",
        """
        create table steps (
            run_id text not null, step_id text not null, base_id text not null, workspace text not null, capability text not null, item_index bigint, item text,
            source_id text, state text not null, reason text, generation bigint not null, reported_generation bigint not null, failures bigint not null,
            lost_claims bigint not null, repairs bigint not null, repairs_forgiven bigint not null, not_before_ms bigint, lease_expires_ms bigint, deadline_ms bigint,
            worker text, inputs text, outputs text, metrics text, error_code text, error_message text, model text, failed_models text,
            due_at_ms bigint, ready_order bigint, started_at_ms bigint, ended_at_ms bigint, primary key (run_id, step_id));
        create index steps_ready on steps(workspace, ready_order, capability) where state='ready';
        create index steps_due on steps(due_at_ms, workspace) where due_at_ms is not null;
        create index steps_claimed on steps(worker) where state='claimed';
        """,
        "create index steps_waiting on steps(workspace) where state='waiting' and reason='approval'")
    {
        Leases = [new("steps", "lease_expires_ms"), new("steps", "deadline_ms"), new("steps", "not_before_ms"), new("steps", "due_at_ms")],
    };

    private const string Columns =
        """
        run_id, step_id, base_id, workspace, capability, item_index, item, source_id, state, reason, generation, reported_generation, failures, lost_claims, repairs,
        repairs_forgiven, not_before_ms, lease_expires_ms, deadline_ms, worker, inputs, outputs, metrics, error_code, error_message, model, failed_models,
        due_at_ms, ready_order, started_at_ms, ended_at_ms
        """;

    /// <summary>The channel that is signalled when a workspace has steps to claim.</summary>
    public static string Channel(string workspace) => "steps:" + workspace;

    /// <summary>The channel that is signalled when any workspace has.</summary>
    public const string AnyChannel = "steps";

    /// <summary>Writes a step, new or not. The time of its first claim stays.</summary>
    public static ValueTask<int> PutAsync(ITransaction tx, StepRow row) => tx.ExecuteAsync(
        $"""
        insert into steps({Columns}) values(
            @RunId, @StepId, @BaseId, @Workspace, @Capability, @ItemIndex, @Item, @SourceId, @State, @Reason, @Generation, @ReportedGeneration, @Failures, @LostClaims,
            @Repairs, @RepairsForgiven, @NotBeforeMs, @LeaseExpiresMs, @DeadlineMs, @Worker, @Inputs, @Outputs, @Metrics, @ErrorCode, @ErrorMessage, @Model, @FailedModels,
            @DueAtMs, @ReadyOrder, @StartedAtMs, @EndedAtMs)
        on conflict(run_id, step_id) do update set
            state=excluded.state, reason=excluded.reason, generation=excluded.generation, reported_generation=excluded.reported_generation, failures=excluded.failures,
            lost_claims=excluded.lost_claims, repairs=excluded.repairs, repairs_forgiven=excluded.repairs_forgiven, not_before_ms=excluded.not_before_ms,
            lease_expires_ms=excluded.lease_expires_ms, deadline_ms=excluded.deadline_ms, worker=excluded.worker, inputs=excluded.inputs, outputs=excluded.outputs,
            metrics=excluded.metrics, error_code=excluded.error_code, error_message=excluded.error_message, model=excluded.model, failed_models=excluded.failed_models,
            due_at_ms=excluded.due_at_ms, ready_order=excluded.ready_order, started_at_ms=coalesce(steps.started_at_ms, excluded.started_at_ms),
            ended_at_ms=excluded.ended_at_ms
        """,
        row);

    /// <summary>All steps of a run.</summary>
    public static ValueTask<IReadOnlyList<StepRow>> OfRunAsync(IQuery query, string runId) =>
        query.QueryAsync<StepRow>($"select {Columns} from steps where run_id=@runId order by step_id", new { runId });

    public static ValueTask<StepRow?> FindAsync(IQuery query, string runId, string stepId) =>
        query.FirstAsync<StepRow>($"select {Columns} from steps where run_id=@runId and step_id=@stepId", new { runId, stepId });

    /// <summary>The step of a running run that has been ready for longest and that asks for one of <paramref name="capabilities"/>; null when there is none.</summary>
    /// <param name="query">The store.</param>
    /// <param name="workspace">Whose steps.</param>
    /// <param name="capabilities">What the worker offers.</param>
    /// <param name="skipLocked">The dialect's clause for rows that another claim is at.</param>
    public static ValueTask<StepRow?> OldestReadyAsync(IQuery query, string workspace, IReadOnlyCollection<string> capabilities, string skipLocked) =>
        query.FirstAsync<StepRow>(
            $"""
            select {Columns} from steps where workspace=@workspace and state='ready' and capability in @capabilities
                and exists (select 1 from runs where runs.run_id=steps.run_id and runs.state='running')
            order by ready_order, run_id, step_id limit 1 {skipLocked}
            """,
            new { workspace, capabilities });

    /// <summary>How many steps of running runs ask for one of <paramref name="capabilities"/>, up to <paramref name="most"/>.</summary>
    public static ValueTask<long> CountReadyAsync(IQuery query, string workspace, IReadOnlyCollection<string> capabilities, long most) => query.FirstAsync<long>(
        """
        select count(*) from (
            select 1 from steps where workspace=@workspace and state='ready' and capability in @capabilities
                and exists (select 1 from runs where runs.run_id=steps.run_id and runs.state='running') limit @most) as found
        """,
        new { workspace, capabilities, most });

    /// <summary>The workspaces whose running runs have ready steps that ask for one of <paramref name="capabilities"/>, the one that waits longest first.</summary>
    public static ValueTask<IReadOnlyList<string>> ReadyWorkspacesAsync(IQuery query, IReadOnlyCollection<string> capabilities) => query.QueryAsync<string>(
        """
        select workspace from steps where state='ready' and capability in @capabilities
            and exists (select 1 from runs where runs.run_id=steps.run_id and runs.state='running')
        group by workspace order by min(ready_order)
        """,
        new { capabilities });

    /// <summary>The ready steps of a workspace's running runs, oldest first.</summary>
    public static ValueTask<IReadOnlyList<StepRow>> ReadyAsync(IQuery query, string workspace, int limit) => query.QueryAsync<StepRow>(
        $"""
        select {Columns} from steps where workspace=@workspace and state='ready'
            and exists (select 1 from runs where runs.run_id=steps.run_id and runs.state='running')
        order by ready_order, run_id, step_id limit @limit
        """,
        new { workspace, limit });

    /// <summary>The steps that a worker holds, those whose lease ran out unnoticed among them.</summary>
    public static ValueTask<IReadOnlyList<StepRow>> ClaimedByAsync(IQuery query, string worker) => query.QueryAsync<StepRow>(
        $"select {Columns} from steps where worker=@worker and state='claimed' order by run_id, step_id", new { worker });

    /// <summary>The runs in which time alone has something to change by now, those of the <paramref name="limit"/> steps that are due for longest; of one workspace, or of all for null.</summary>
    /// <remarks>Without <c>distinct</c>, for which SQLite 3.35 reads every step there is.</remarks>
    public static async ValueTask<IReadOnlyList<string>> DueRunsAsync(IQuery query, string? workspace, int limit) =>
    [
        .. (await query.QueryAsync<string>(
            $"select run_id from steps where due_at_ms<=@NowMs {(workspace is null ? "" : "and workspace=@workspace")} order by due_at_ms, run_id limit @limit",
            new { workspace, limit, query.NowMs }).ConfigureAwait(false)).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The workspaces of the <paramref name="limit"/> steps that are due for longest.</summary>
    public static async ValueTask<IReadOnlyList<string>> DueWorkspacesAsync(IQuery query, int limit) =>
    [
        .. (await query.QueryAsync<string>("select workspace from steps where due_at_ms<=@NowMs order by due_at_ms limit @limit", new { limit, query.NowMs })
            .ConfigureAwait(false)).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>When time alone will next change a step; null when never.</summary>
    public static ValueTask<long?> NextDueAsync(IQuery query, string? workspace) => query.FirstAsync<long?>(
        $"select min(due_at_ms) from steps where due_at_ms is not null {(workspace is null ? "" : "and workspace=@workspace")}", new { workspace });

    /// <summary>The steps of a workspace that wait for a human, oldest runs first.</summary>
    public static ValueTask<IReadOnlyList<StepRow>> WaitingApprovalAsync(IQuery query, string workspace, int limit) => query.QueryAsync<StepRow>(
        $"select {Columns} from steps where workspace=@workspace and state='waiting' and reason='approval' order by run_id, step_id limit @limit", new { workspace, limit });

    /// <summary>How many steps wait for a worker.</summary>
    public static ValueTask<long> CountReadyAsync(IQuery query) => query.FirstAsync<long>("select count(*) from steps where state='ready'");
}
