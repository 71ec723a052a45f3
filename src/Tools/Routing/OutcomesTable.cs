using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Routing;

/// <summary>How calls of models ended lately. Old rows are cleaned away as new ones come: a model keeps about its last thousand, none longer than a month.</summary>
public static class OutcomesTable
{
    public static readonly Table Schema = new("outcomes",
        """
        create table outcomes (
            outcome_id {identity}, provider text not null, model text not null, kind text not null, latency_seconds double precision, retry_after_seconds double precision,
            code text, blameless bigint not null, at_ms bigint not null);
        create index outcomes_by_model on outcomes(model, provider, outcome_id);
        create index outcomes_by_time on outcomes(at_ms);
        """);

    private const string Columns = "provider, model, kind, latency_seconds, code, at_ms";
    private const int KeptPerModel = 1_000;
    private const long KeptMs = 30L * 24 * 60 * 60 * 1000;

    /// <summary>A sweep costs more than a row, so it comes with every so many rows.</summary>
    private const int RowsBetweenSweeps = 64;

    /// <summary>Notes how a call ended, and moves the model's breaker; models of this machine have none.</summary>
    public static async ValueTask AddAsync(ITransaction tx, ModelOutcome outcome)
    {
        var id = await tx.FirstAsync<long>(
            """
            insert into outcomes(provider, model, kind, latency_seconds, retry_after_seconds, code, blameless, at_ms)
            values(@Provider, @Model, @Kind, @LatencySeconds, @RetryAfterSeconds, @Code, @Blameless, @NowMs) returning outcome_id
            """,
            new
            {
                outcome.Provider,
                outcome.Model,
                Kind = Wire.Name(outcome.Kind),
                outcome.LatencySeconds,
                outcome.RetryAfterSeconds,
                outcome.Code,
                Blameless = outcome.IsBlameless ? 1L : 0L,
                tx.NowMs,
            }).ConfigureAwait(false);
        await BreakersTable.NoteAsync(tx, outcome).ConfigureAwait(false);
        if (id % RowsBetweenSweeps == 0)
        {
            await SweepAsync(tx, outcome.Provider, outcome.Model).ConfigureAwait(false);
        }
    }

    /// <summary>The newest outcomes of some models that are not the asker's fault, newest first.</summary>
    public static ValueTask<IReadOnlyList<OutcomeRow>> RecentAsync(IQuery query, IReadOnlyCollection<string> models, long sinceMs, int limit) => query.QueryAsync<OutcomeRow>(
        $"select {Columns} from outcomes where model in @models and at_ms>=@sinceMs and blameless=0 order by outcome_id desc limit @limit",
        new { models, sinceMs, limit });

    /// <summary>The newest outcomes of one model after a time, newest first.</summary>
    public static ValueTask<IReadOnlyList<OutcomeRow>> OfModelAsync(IQuery query, string provider, string model, long afterMs, int limit) => query.QueryAsync<OutcomeRow>(
        $"select {Columns} from outcomes where model=@model and provider=@provider and at_ms>@afterMs and blameless=0 order by outcome_id desc limit @limit",
        new { provider, model, afterMs, limit });

    private static async ValueTask SweepAsync(ITransaction tx, string provider, string model)
    {
        await tx.ExecuteAsync(
            """
            delete from outcomes where model=@model and provider=@provider and outcome_id<=(
                select outcome_id from outcomes where model=@model and provider=@provider order by outcome_id desc limit 1 offset @KeptPerModel)
            """,
            new { provider, model, KeptPerModel }).ConfigureAwait(false);
        await tx.ExecuteAsync("delete from outcomes where at_ms<@before", new { before = tx.NowMs - KeptMs }).ConfigureAwait(false);
    }
}
