using Pipeline.Storage.State;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Routing;

/// <summary>The breakers of models that have failed: one row for a provider's model, changed only while it is held.</summary>
public static class BreakersTable
{
    public static readonly Table Schema = new("breakers",
        """
        create table breakers (
            provider text not null, model text not null, rests_until_ms bigint, strikes bigint not null, failures_in_a_row bigint not null, closed_at_ms bigint not null,
            why text, probe_holder text, probe_until_ms bigint, probe_sent bigint not null, primary key (provider, model));
        """)
    {
        Leases = [new("breakers", "rests_until_ms"), new("breakers", "probe_until_ms")],
    };

    private const string Columns = "rests_until_ms, strikes, failures_in_a_row, closed_at_ms, why, probe_holder, probe_until_ms, probe_sent";

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
    /// Asks to call a model. While it rests the answer is its breaker; while it is half open one <paramref name="holder"/> at a time, over all nodes, may make one
    /// call. Null means go on. Models of this machine never rest.
    /// </summary>
    /// <param name="tx">The transaction that notes the call.</param>
    /// <param name="card">The model.</param>
    /// <param name="holder">Names the intent: <see cref="Holder"/>.</param>
    public static async ValueTask<Breaker?> AdmitAsync(ITransaction tx, ModelCard card, string holder)
    {
        if (card.Kind == ModelKind.Local) return null;
        var breaker = await FindAsync(tx, card.Provider, card.Id).ConfigureAwait(false);
        if (breaker.RestsUntilMs is null) return null;
        if (breaker.IsResting(tx.NowMs)) return breaker;
        return await ProbeAsync(tx, card, holder, 1).ConfigureAwait(false) ? null : await FindAsync(tx, card.Provider, card.Id).ConfigureAwait(false);
    }

    /// <summary>Keeps the one try of a half-open model for <paramref name="holder"/>; false when another has it.</summary>
    public static ValueTask<bool> ReserveProbeAsync(ITransaction tx, ModelCard card, string holder) => ProbeAsync(tx, card, holder, 0);

    /// <summary>Who tries: a step of a run, or else an agent's own call.</summary>
    public static string Holder(string principal, string agent, string? runId, string? stepId) =>
        runId is null ? $"{principal}/{agent}" : $"{runId}/{stepId}";

    /// <summary>Moves the breaker of the outcome's model.</summary>
    internal static async ValueTask NoteAsync(ITransaction tx, ModelOutcome outcome)
    {
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
        update breakers set rests_until_ms=@RestsUntilMs, strikes=@Strikes, failures_in_a_row=@FailuresInARow, closed_at_ms=@ClosedAtMs, why=@Why,
            probe_holder=@ProbeHolder, probe_until_ms=@ProbeUntilMs, probe_sent=@ProbeSent
        where provider=@provider and model=@model
        """,
        new
        {
            provider, model, breaker.RestsUntilMs, breaker.Strikes, breaker.FailuresInARow, breaker.ClosedAtMs, breaker.Why, breaker.ProbeHolder, breaker.ProbeUntilMs, breaker.ProbeSent,
        });

    private static async ValueTask<bool> ProbeAsync(ITransaction tx, ModelCard card, string holder, long sent) => await tx.ExecuteAsync(
        """
        update breakers set probe_holder=@holder, probe_until_ms=@until, probe_sent=@sent
        where provider=@Provider and model=@Id and (rests_until_ms is null or rests_until_ms<=@NowMs)
            and (probe_until_ms is null or probe_until_ms<=@NowMs or (probe_holder=@holder and probe_sent=0))
        """,
        new { card.Provider, card.Id, holder, sent, until = tx.NowMs + ProbeMs, tx.NowMs }).ConfigureAwait(false) == 1;

    private sealed record BreakerRow
    {
        public string Provider { get; init; } = "";
        public string Model { get; init; } = "";
        public long? RestsUntilMs { get; init; }
        public long Strikes { get; init; }
        public long FailuresInARow { get; init; }
        public long ClosedAtMs { get; init; }
        public string? Why { get; init; }
        public string? ProbeHolder { get; init; }
        public long? ProbeUntilMs { get; init; }
        public long ProbeSent { get; init; }

        public Breaker Breaker => new()
        {
            RestsUntilMs = RestsUntilMs, Strikes = Strikes, FailuresInARow = FailuresInARow, ClosedAtMs = ClosedAtMs, Why = Why,
            ProbeHolder = ProbeHolder, ProbeUntilMs = ProbeUntilMs, ProbeSent = ProbeSent,
        };
    }
}
