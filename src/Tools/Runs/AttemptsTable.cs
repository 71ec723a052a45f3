using Pipeline.Storage.State;
using Pipeline.Tools.Plans;
using Pipeline.Tools.Runs.Metrics;

namespace Pipeline.Tools.Runs;

/// <summary>Every claim of every step.</summary>
public static class AttemptsTable
{
    public static readonly Table Schema = new("attempts",
        """
        create table attempts (
            run_id text not null, step_id text not null, generation bigint not null, capability text not null, principal text not null, agent text not null,
            claimed_at_ms bigint not null, ended_at_ms bigint, outcome text, error_code text, error_message text, model text, decision_id text, cost_micros bigint,
            primary key (run_id, step_id, generation));
        create index attempts_by_end on attempts(ended_at_ms) where model is not null;
        """);

    private const string Columns =
        "run_id, step_id, generation, capability, principal, agent, claimed_at_ms, ended_at_ms, outcome, error_code, error_message, model, decision_id, cost_micros";

    // What comes after such an end is another wish.
    private const string Ended = "('failed', 'below_bar', 'rejected')";

    public static ValueTask<int> InsertAsync(ITransaction tx, AttemptRow row) => tx.ExecuteAsync(
        $"""
        insert into attempts({Columns}) values(@RunId, @StepId, @Generation, @Capability, @Principal, @Agent, @ClaimedAtMs, @EndedAtMs, @Outcome, @ErrorCode, @ErrorMessage,
            @Model, @DecisionId, @CostMicros)
        """,
        row);

    public static ValueTask<AttemptRow?> FindAsync(IQuery query, string runId, string stepId, long generation) => query.FirstAsync<AttemptRow>(
        $"select {Columns} from attempts where run_id=@runId and step_id=@stepId and generation=@generation", new { runId, stepId, generation });

    public static ValueTask<IReadOnlyList<AttemptRow>> OfRunAsync(IQuery query, string runId) =>
        query.QueryAsync<AttemptRow>($"select {Columns} from attempts where run_id=@runId order by claimed_at_ms, step_id, generation", new { runId });

    /// <summary>How many claims of a step came to a result that was not good enough, or that a human rejected, or to a failure that was reported; claims that were lost do not count.</summary>
    public static ValueTask<long> CountSpentAsync(IQuery query, string runId, string stepId) => query.FirstAsync<long>(
        $"select count(*) from attempts where run_id=@runId and step_id=@stepId and outcome in {Ended}", new { runId, stepId });

    /// <summary>
    /// The claims that share one wish with <paramref name="generation"/>: those after the last one before it that came to an end of its own, up to the next that did.
    /// </summary>
    public static async ValueTask<WishSpan> WishAsync(IQuery query, string runId, string stepId, long generation) => (await query.FirstAsync<WishSpan>(
        $"""
        select coalesce(max(case when generation<@generation then generation end), 0) as after_generation,
            coalesce(min(case when generation>=@generation then generation end), 9223372036854775807) as up_to_generation
        from attempts where run_id=@runId and step_id=@stepId and outcome in {Ended}
        """,
        new { runId, stepId, generation }).ConfigureAwait(false))!;

    /// <summary>Notes the end of a claim.</summary>
    public static ValueTask<int> EndAsync(ITransaction tx, string runId, string stepId, long generation, string outcome, string? errorCode, string? errorMessage) => tx.ExecuteAsync(
        """
        update attempts set ended_at_ms=@NowMs, outcome=@outcome, error_code=@errorCode, error_message=@errorMessage
        where run_id=@runId and step_id=@stepId and generation=@generation and ended_at_ms is null
        """,
        new { runId, stepId, generation, outcome, errorCode, errorMessage, tx.NowMs });

    /// <summary>Notes that a human rejected what a claim brought.</summary>
    public static ValueTask<int> RejectAsync(ITransaction tx, string runId, string stepId, long generation) => tx.ExecuteAsync(
        "update attempts set outcome='rejected' where run_id=@runId and step_id=@stepId and generation=@generation and outcome='succeeded'", new { runId, stepId, generation });

    /// <summary>Notes the model chosen for a claim that goes on.</summary>
    public static ValueTask<int> RouteAsync(ITransaction tx, string runId, string stepId, long generation, string model, string decisionId) => tx.ExecuteAsync(
        "update attempts set model=@model, decision_id=@decisionId where run_id=@runId and step_id=@stepId and generation=@generation and ended_at_ms is null",
        new { runId, stepId, generation, model, decisionId });

    /// <summary>Notes what the worker reported of its means.</summary>
    public static ValueTask<int> ReportAsync(ITransaction tx, string runId, string stepId, long generation, string? model, string? decisionId, long? costMicros) => tx.ExecuteAsync(
        """
        update attempts set model=coalesce(@model, model), decision_id=coalesce(@decisionId, decision_id), cost_micros=coalesce(@costMicros, cost_micros)
        where run_id=@runId and step_id=@stepId and generation=@generation
        """,
        new { runId, stepId, generation, model, decisionId, costMicros });

    /// <summary>A workspace's, or one run's, newest claims that go on or ended since a time.</summary>
    public static ValueTask<IReadOnlyList<ClaimSpan>> SpansAsync(IQuery query, string workspace, string? runId, long fromMs, int limit) => query.QueryAsync<ClaimSpan>(
        $"""
        select capability, model, attempts.principal, attempts.agent, claimed_at_ms, attempts.ended_at_ms, outcome from attempts join runs on runs.run_id=attempts.run_id
        where workspace=@workspace and {(runId is null ? "" : "attempts.run_id=@runId and ")}(attempts.ended_at_ms is null or attempts.ended_at_ms>=@fromMs)
        order by claimed_at_ms desc limit @limit
        """,
        new { workspace, runId, fromMs, limit });

    /// <summary>The newest finished claims for which a model is known.</summary>
    public static ValueTask<IReadOnlyList<AttemptRow>> RecentAsync(IQuery query, long sinceMs, int limit) => query.QueryAsync<AttemptRow>(
        $"select {Columns} from attempts where model is not null and ended_at_ms>=@sinceMs order by ended_at_ms desc limit @limit", new { sinceMs, limit });

    /// <summary>Claims that go on, by model and capability; one step's own is left out.</summary>
    public static ValueTask<IReadOnlyList<CallsUnderWay>> UnderWayAsync(IQuery query, IReadOnlyCollection<string> models, string? runId, string? stepId) => query.QueryAsync<CallsUnderWay>(
        """
        select model, capability, count(*) as calls from attempts where model in @models and ended_at_ms is null and not (run_id=@run and step_id=@step)
        group by model, capability
        """,
        new { models, run = runId ?? "", step = stepId ?? "" });

    /// <summary>The newest results of some models that were accepted, newest first.</summary>
    public static ValueTask<IReadOnlyList<AcceptedResult>> AcceptedAsync(IQuery query, IReadOnlyCollection<string> models, long sinceMs, int limit) => query.QueryAsync<AcceptedResult>(
        """
        select attempts.model, steps.metrics, attempts.claimed_at_ms, attempts.ended_at_ms from attempts
        join steps on steps.run_id=attempts.run_id and steps.step_id=attempts.step_id
        where attempts.model in @models and attempts.ended_at_ms>=@sinceMs and attempts.outcome='succeeded' and steps.state='succeeded' and steps.reported_generation=attempts.generation
        order by attempts.ended_at_ms desc limit @limit
        """,
        new { models, sinceMs, limit });

    /// <summary>How long the newest accepted results of some models took, newest first.</summary>
    public static ValueTask<IReadOnlyList<StepTime>> TimesAsync(IQuery query, IReadOnlyCollection<string> models, long sinceMs, int limit) => query.QueryAsync<StepTime>(
        """
        select attempts.capability, attempts.model, steps.inputs, steps.metrics, attempts.ended_at_ms-attempts.claimed_at_ms as took_ms from attempts
        join steps on steps.run_id=attempts.run_id and steps.step_id=attempts.step_id
        where attempts.model in @models and attempts.ended_at_ms>=@sinceMs and attempts.outcome='succeeded' and steps.state='succeeded' and steps.reported_generation=attempts.generation
        order by attempts.ended_at_ms desc limit @limit
        """,
        new { models, sinceMs, limit });
}

/// <summary>Claims of a step that want the same thing, by their generations.</summary>
public sealed record WishSpan
{
    /// <summary>The claim before the first of them.</summary>
    public long AfterGeneration { get; init; }

    /// <summary>The last of them.</summary>
    public long UpToGeneration { get; init; }
}
