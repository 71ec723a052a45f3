using Pipeline.Storage.State;

namespace Pipeline.Tools.Costs;

/// <summary>Reservations, and which period of which budget each is held against. A call counts in the period in which it began.</summary>
public static class ReservationsTable
{
    public static readonly Table Schema = new("reservations",
        """
        create table reservations (
            reservation_id text primary key, workspace text not null, run_id text, step_id text, principal text not null, agent text not null, provider text not null,
            model text not null, request text not null, bound_micros bigint not null, actual_micros bigint, state text not null, at_ms bigint not null);
        create index reservations_by_time on reservations(at_ms);
        create index reservations_by_run on reservations(run_id) where run_id is not null;
        create index reservations_open on reservations(workspace, at_ms) where state='open' or state='assumed';
        create table reservation_holds (
            reservation_id text not null, budget text not null, start_ms bigint not null, primary key (reservation_id, budget));
        create index reservation_holds_by_budget on reservation_holds(budget);
        """,
        "alter table reservations add column generation bigint");

    private const string Columns = "reservation_id, workspace, run_id, step_id, principal, agent, provider, model, request, generation, bound_micros, actual_micros, state, at_ms";

    public static ValueTask<int> InsertAsync(ITransaction tx, ReservationRow row) => tx.ExecuteAsync(
        $"""
        insert into reservations({Columns}) values(@ReservationId, @Workspace, @RunId, @StepId, @Principal, @Agent, @Provider, @Model, @Request, @Generation, @BoundMicros, @ActualMicros,
            @State, @AtMs)
        """,
        row);

    public static ValueTask<ReservationRow?> FindAsync(IQuery query, string reservationId) =>
        query.FirstAsync<ReservationRow>($"select {Columns} from reservations where reservation_id=@reservationId", new { reservationId });

    /// <summary>A workspace's calls that are under way, or whose cost nobody knows yet; oldest first.</summary>
    public static ValueTask<IReadOnlyList<ReservationRow>> OpenAsync(IQuery query, string workspace) => query.QueryAsync<ReservationRow>(
        $"select {Columns} from reservations where workspace=@workspace and (state='open' or state='assumed') order by at_ms, reservation_id", new { workspace });

    /// <summary>What calls cost that were ordered here for a step, by claims after one and up to another.</summary>
    public static async ValueTask<StepCalls> OfStepAsync(IQuery query, string runId, string stepId, long afterGeneration, long upToGeneration) => await query.FirstAsync<StepCalls>(
        """
        select cast(coalesce(sum(case when state='settled' then coalesce(actual_micros, bound_micros) else 0 end), 0) as bigint) as settled_micros,
            cast(coalesce(sum(case when state='open' or state='assumed' then bound_micros else 0 end), 0) as bigint) as held_micros
        from reservations where run_id=@runId and step_id=@stepId and generation>@afterGeneration and generation<=@upToGeneration
        """,
        new { runId, stepId, afterGeneration, upToGeneration }).ConfigureAwait(false) ?? new();

    public static ValueTask<int> ChangeAsync(ITransaction tx, ReservationRow row) => tx.ExecuteAsync(
        "update reservations set state=@State, actual_micros=@ActualMicros where reservation_id=@ReservationId", row);

    /// <summary>Notes that a budget's period carries a reservation.</summary>
    public static ValueTask<int> HoldAsync(ITransaction tx, string reservationId, string budget, long startMs) => tx.ExecuteAsync(
        "insert into reservation_holds(reservation_id, budget, start_ms) values(@reservationId, @budget, @startMs)", new { reservationId, budget, startMs });

    /// <summary>The periods that carry a reservation, by budget.</summary>
    public static ValueTask<IReadOnlyList<HoldRow>> HoldsAsync(IQuery query, string reservationId) => query.QueryAsync<HoldRow>(
        "select budget, start_ms from reservation_holds where reservation_id=@reservationId order by budget", new { reservationId });

    /// <summary>Puts every reservation since <paramref name="startMs"/> that a budget covers under it, and gives their sums.</summary>
    public static async ValueTask<(long Spent, long Reserved)> CoverAsync(ITransaction tx, string budget, long startMs)
    {
        var (kind, subject) = BudgetName.Split(budget);
        var cut = subject.IndexOf('/', StringComparison.Ordinal);
        var parameters = new { budget, startMs, subject, run = cut < 0 ? "" : subject[..cut], step = cut < 0 ? "" : subject[(cut + 1)..] };
        await tx.ExecuteAsync("delete from reservation_holds where budget=@budget", parameters).ConfigureAwait(false);
        await tx.ExecuteAsync(
            $"""
            insert into reservation_holds(reservation_id, budget, start_ms)
            select reservation_id, @budget, cast(@startMs as bigint) from reservations where at_ms>=@startMs and {Covered(kind)}
            """,
            parameters).ConfigureAwait(false);
        var sums = await tx.FirstAsync<BudgetRow>(
            """
            select coalesce(sum(case when state='settled' then coalesce(actual_micros, bound_micros) when state='assumed' then bound_micros else 0 end), 0) as spent_micros,
                coalesce(sum(case when state='open' then bound_micros else 0 end), 0) as reserved_micros
            from reservations join reservation_holds on reservation_holds.reservation_id=reservations.reservation_id where budget=@budget
            """,
            parameters).ConfigureAwait(false);
        return (sums?.SpentMicros ?? 0, sums?.ReservedMicros ?? 0);
    }

    // What Spending.BudgetNames says of one call, said of all rows.
    private static string Covered(string kind) => kind switch
    {
        "workspace" => "workspace=@subject",
        "provider" => "provider=@subject",
        "run" => "run_id=@subject",
        "step" => "run_id=@run and (step_id=@step or substr(step_id, 1, length(@step)+1) in (@step || '[', @step || ':'))",
        _ => "(principal=@subject or agent=@subject or principal || '/' || agent=@subject)",
    };
}

/// <summary>What a step's calls cost that were made through the server.</summary>
public sealed record StepCalls
{
    /// <summary>Of those whose cost is known.</summary>
    public long SettledMicros { get; init; }

    /// <summary>The most that the others may cost.</summary>
    public long HeldMicros { get; init; }
}

/// <summary>A period of a budget that carries a reservation.</summary>
public sealed record HoldRow
{
    public string Budget { get; init; } = "";
    public long StartMs { get; init; }
}
