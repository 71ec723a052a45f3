using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Costs;

/// <summary>
/// Budgets, and for each of their periods what was spent and what is reserved. A budget of an agent or a provider is touched from many scopes at once;
/// whoever touches counters first takes the one row of <c>budget_gate</c> until its transaction ends. So nobody reads a counter that another is about
/// to change, and nobody can wait in a circle.
/// </summary>
public static class BudgetsTable
{
    public static readonly Table Schema = new("budgets",
        """
        create table budgets (
            budget text primary key, limit_micros bigint not null, period text not null, approve_above_micros bigint, set_at_ms bigint not null);
        create table budget_periods (
            budget text not null, start_ms bigint not null, spent_micros bigint not null, reserved_micros bigint not null, primary key (budget, start_ms));
        create table budget_gate (gate bigint primary key, passed bigint not null);
        """);

    /// <summary>Makes budgets of those that runs under way were started with before there was this table; after that of runs.</summary>
    public static readonly Table OfRuns = new("budgets_of_runs",
        """
        insert into budgets(budget, limit_micros, period, approve_above_micros, set_at_ms)
        select 'run:' || run_id, budget_micros, 'total', null, created_at_ms from runs where budget_micros is not null and ended_at_ms is null;
        insert into budget_periods(budget, start_ms, spent_micros, reserved_micros)
        select 'run:' || run_id, 0, coalesce((select sum(cost_micros) from costs where costs.run_id=runs.run_id), 0), 0 from runs
        where budget_micros is not null and ended_at_ms is null;
        """);

    /// <summary>Takes the turn at counters until the transaction ends; those who wait come in the order in which they asked.</summary>
    public static ValueTask<int> PassGateAsync(ITransaction tx) => tx.ExecuteAsync(
        "insert into budget_gate(gate, passed) values(1, 1) on conflict(gate) do update set passed=budget_gate.passed+1");

    /// <summary>The budgets of these names that there are, by name; without counters.</summary>
    public static ValueTask<IReadOnlyList<BudgetRow>> FindAsync(IQuery query, IReadOnlyCollection<string> names) => query.QueryAsync<BudgetRow>(
        "select budget, limit_micros, period, approve_above_micros from budgets where budget in @names order by budget", new { names });

    /// <summary>The budget with the counters of its period; null when there is none.</summary>
    public static async ValueTask<BudgetRow?> StandingAsync(IQuery query, string name) =>
        await FindAsync(query, [name]).ConfigureAwait(false) is [var row] ? await WithCountersAsync(query, row).ConfigureAwait(false) : null;

    /// <summary>The budget with the counters of the period that goes on.</summary>
    public static async ValueTask<BudgetRow> WithCountersAsync(IQuery query, BudgetRow row)
    {
        var startMs = BudgetPeriods.StartMs(row.Every, query.NowMs);
        var counters = await query.FirstAsync<BudgetRow>(
            "select spent_micros, reserved_micros from budget_periods where budget=@Budget and start_ms=@startMs", new { row.Budget, startMs }).ConfigureAwait(false);
        return row with { SpentMicros = counters?.SpentMicros ?? 0, ReservedMicros = counters?.ReservedMicros ?? 0 };
    }

    /// <summary>Adds to the counters of a period; either may be negative.</summary>
    public static ValueTask<int> AddAsync(ITransaction tx, string budget, long startMs, long spentMicros, long reservedMicros) => tx.ExecuteAsync(
        """
        insert into budget_periods(budget, start_ms, spent_micros, reserved_micros) values(@budget, @startMs, @spentMicros, @reservedMicros)
        on conflict(budget, start_ms) do update set
            spent_micros=budget_periods.spent_micros+excluded.spent_micros, reserved_micros=budget_periods.reserved_micros+excluded.reserved_micros
        """,
        new { budget, startMs, spentMicros, reservedMicros });

    /// <summary>
    /// Sets a budget and counts what was spent and reserved in its period before it was there. For one that covers more than a workspace, or what is
    /// going on already, only in a transaction that runs alone (<see cref="Scopes.Everything"/>).
    /// </summary>
    /// <returns>The budget with its counters.</returns>
    public static async ValueTask<BudgetRow> SetAsync(ITransaction tx, string name, long limitMicros, BudgetPeriod period, long? approveAboveMicros)
    {
        await PassGateAsync(tx).ConfigureAwait(false);
        var before = await FindAsync(tx, [name]).ConfigureAwait(false) is [var found] ? found : null;
        var row = new BudgetRow { Budget = name, LimitMicros = limitMicros, Period = Wire.Name(period), ApproveAboveMicros = approveAboveMicros };
        await tx.ExecuteAsync(
            """
            insert into budgets(budget, limit_micros, period, approve_above_micros, set_at_ms) values(@Budget, @LimitMicros, @Period, @ApproveAboveMicros, @NowMs)
            on conflict(budget) do update set limit_micros=excluded.limit_micros, period=excluded.period, approve_above_micros=excluded.approve_above_micros,
                set_at_ms=excluded.set_at_ms
            """,
            new { row.Budget, row.LimitMicros, row.Period, row.ApproveAboveMicros, tx.NowMs }).ConfigureAwait(false);
        if (before?.Period != row.Period)
        {
            await tx.ExecuteAsync("delete from budget_periods where budget=@name", new { name }).ConfigureAwait(false);
            var startMs = BudgetPeriods.StartMs(period, tx.NowMs);
            var (spent, reserved) = await ReservationsTable.CoverAsync(tx, name, startMs).ConfigureAwait(false);
            await AddAsync(tx, name, startMs, spent, reserved).ConfigureAwait(false);
        }

        return await WithCountersAsync(tx, row).ConfigureAwait(false);
    }
}
