using Pipeline.Storage.State;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Routing;

/// <summary>
/// The breakers of models that have failed or refused: the one place that knows whether a provider's model rests, and until when, for who decides and for who
/// sends. One row for a model, changed only while it is held. Models of this machine have none. A rest passes while this house is closed too: it is the vendor's.
/// </summary>
public static class BreakersTable
{
    public static readonly Table Schema = new("breakers",
        """
        create table breakers (
            provider text not null, model text not null, rests_until_ms bigint, strikes bigint not null, failures_in_a_row bigint not null, closed_at_ms bigint not null,
            why text, probe_holder text, probe_until_ms bigint, probe_sent bigint not null, primary key (provider, model));
        """,
        // What rested by the older rules is forgotten: that costs one more refusal at most.
        """
        alter table breakers add column refused_until_ms bigint;
        delete from breakers;
        """);

    private const string Columns = "rests_until_ms, strikes, failures_in_a_row, closed_at_ms, refused_until_ms, why, probe_holder, probe_until_ms, probe_sent";

    /// <summary>How long others wait for the one that tries a half-open model.</summary>
    private const long ProbeMs = 5 * 60 * 1000;

    /// <summary>The breakers of some models.</summary>
    public static async ValueTask<IReadOnlyDictionary<(string Provider, string Model), Breaker>> OfAsync(IQuery query, IReadOnlyCollection<string> models)
    {
        var rows = await query.QueryAsync<BreakerRow>($"select provider, model, {Columns} from breakers where model in @models", new { models }).ConfigureAwait(false);
        return rows.ToDictionary(row => (row.Provider, row.Model), row => row.Breaker);
    }

    public static async ValueTask<Breaker> FindAsync(IQuery query, string provider, string model) =>
        await query.FirstAsync<Breaker>($"select {Columns} from breakers where provider=@provider and model=@model", new { provider, model }).ConfigureAwait(false) ?? Breaker.Closed;

    /// <summary>
    /// How many calls of a model may be made now, of those that somebody wants to make: none while it takes none, and then a single one at a time, over all
    /// nodes. Whoever sends goes before whoever only decided. Who asks for a model by name gets it however its jobs fared.
    /// </summary>
    /// <param name="tx">The transaction that notes the calls.</param>
    /// <param name="provider">The model's provider.</param>
    /// <param name="model">Its id.</param>
    /// <param name="most">Calls that are wanted.</param>
    public static async ValueTask<int> AdmitAsync(ITransaction tx, string provider, string model, int most)
    {
        var breaker = await FindAsync(tx, provider, model).ConfigureAwait(false);
        if (most <= 0 || breaker.RefusedUntilMs is null) return Math.Max(0, most);
        if (breaker.RefusedUntilMs > tx.NowMs) return 0;
        return await tx.ExecuteAsync(
            """
            update breakers set probe_holder=null, probe_until_ms=@until, probe_sent=1
            where provider=@provider and model=@model and refused_until_ms<=@NowMs and (probe_until_ms is null or probe_until_ms<=@NowMs or probe_sent=0)
            """,
            new { provider, model, until = tx.NowMs + ProbeMs, tx.NowMs }).ConfigureAwait(false);
    }

    /// <summary>Gives back the try that <see cref="AdmitAsync"/> took in this transaction: no call was there to be made.</summary>
    public static ValueTask<int> GiveBackAsync(ITransaction tx, string provider, string model) => tx.ExecuteAsync(
        "update breakers set probe_until_ms=null, probe_sent=0 where provider=@provider and model=@model and refused_until_ms<=@NowMs", new { provider, model, tx.NowMs });

    /// <summary>Notes that the provider took a call, long before its outcome is known.</summary>
    public static async ValueTask TakenAsync(ITransaction tx, string provider, string model)
    {
        if ((await FindAsync(tx, provider, model).ConfigureAwait(false)).RefusedUntilMs is null) return;
        var before = await HoldAsync(tx, provider, model).ConfigureAwait(false);
        var after = before.AfterTaken(tx.NowMs);
        if (after != before) await PutAsync(tx, provider, model, after).ConfigureAwait(false);
    }

    /// <summary>That nothing is sent to a row's model, for conditions in SQL with @NowMs.</summary>
    /// <param name="row">The table or alias that has provider and model.</param>
    public static string Resting(string row) =>
        $"exists (select 1 from breakers where breakers.provider={row}.provider and breakers.model={row}.model and breakers.refused_until_ms>@NowMs)";

    /// <summary>Keeps the one try of a half-open model for <paramref name="holder"/> until a call is sent; false when another has it.</summary>
    public static async ValueTask<bool> ReserveProbeAsync(ITransaction tx, ModelCard card, string holder) => await tx.ExecuteAsync(
        """
        update breakers set probe_holder=@holder, probe_until_ms=@until, probe_sent=0
        where provider=@Provider and model=@Id and (rests_until_ms is null or rests_until_ms<=@NowMs)
            and (probe_until_ms is null or probe_until_ms<=@NowMs or (probe_holder=@holder and probe_sent=0))
        """,
        new { card.Provider, card.Id, holder, until = tx.NowMs + ProbeMs, tx.NowMs }).ConfigureAwait(false) == 1;

    /// <summary>Who tries: a step of a run, or else an agent's own call.</summary>
    public static string Holder(string principal, string agent, string? runId, string? stepId) =>
        runId is null ? $"{principal}/{agent}" : $"{runId}/{stepId}";

    /// <summary>Moves the breaker of the outcome's model.</summary>
    internal static async ValueTask NoteAsync(ITransaction tx, ModelOutcome outcome)
    {
        // A local filter that fails does so because of what it was given; resting does not help it.
        if (outcome.IsLocal) return;
        // Nearly every call ends well at a model that is well: that writes nothing and waits for nobody.
        if (outcome.Kind == OutcomeKind.Succeeded && (await FindAsync(tx, outcome.Provider, outcome.Model).ConfigureAwait(false)).IsQuiet) return;
        var before = await HoldAsync(tx, outcome.Provider, outcome.Model).ConfigureAwait(false);
        var since = Math.Max(before.ClosedAtMs, tx.NowMs - Breaker.LatelyMs);
        var lately = await OutcomesTable.OfModelAsync(tx, outcome.Provider, outcome.Model, since, Breaker.Lately).ConfigureAwait(false);
        var after = before.After(outcome, [.. lately.Select(row => row.Ended)], tx.NowMs);
        if (after != before) await PutAsync(tx, outcome.Provider, outcome.Model, after).ConfigureAwait(false);
    }

    // The row is there and held until the commit, so that two nodes never decide on the same state.
    private static async ValueTask<Breaker> HoldAsync(ITransaction tx, string provider, string model) => (await tx.FirstAsync<Breaker>(
        $"""
        insert into breakers(provider, model, strikes, failures_in_a_row, closed_at_ms, probe_sent) values(@provider, @model, 0, 0, 0, 0)
        on conflict(provider, model) do update set provider=excluded.provider returning {Columns}
        """,
        new { provider, model }).ConfigureAwait(false))!;

    private static ValueTask<int> PutAsync(ITransaction tx, string provider, string model, Breaker breaker) => tx.ExecuteAsync(
        """
        update breakers set rests_until_ms=@RestsUntilMs, strikes=@Strikes, failures_in_a_row=@FailuresInARow, closed_at_ms=@ClosedAtMs, refused_until_ms=@RefusedUntilMs, why=@Why,
            probe_holder=@ProbeHolder, probe_until_ms=@ProbeUntilMs, probe_sent=@ProbeSent
        where provider=@provider and model=@model
        """,
        new
        {
            provider, model, breaker.RestsUntilMs, breaker.Strikes, breaker.FailuresInARow, breaker.ClosedAtMs, breaker.RefusedUntilMs, breaker.Why, breaker.ProbeHolder, breaker.ProbeUntilMs, breaker.ProbeSent,
        });

    private sealed record BreakerRow
    {
        public string Provider { get; init; } = "";
        public string Model { get; init; } = "";
        public long? RestsUntilMs { get; init; }
        public long Strikes { get; init; }
        public long FailuresInARow { get; init; }
        public long ClosedAtMs { get; init; }
        public long? RefusedUntilMs { get; init; }
        public string? Why { get; init; }
        public string? ProbeHolder { get; init; }
        public long? ProbeUntilMs { get; init; }
        public long ProbeSent { get; init; }

        public Breaker Breaker => new()
        {
            RestsUntilMs = RestsUntilMs, Strikes = Strikes, FailuresInARow = FailuresInARow, ClosedAtMs = ClosedAtMs, RefusedUntilMs = RefusedUntilMs, Why = Why,
            ProbeHolder = ProbeHolder, ProbeUntilMs = ProbeUntilMs, ProbeSent = ProbeSent,
        };
    }
}
