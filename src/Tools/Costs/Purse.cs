using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;

namespace Pipeline.Tools.Costs;

/// <summary>
/// Money before it is spent. A call is reserved at the most it may cost against every budget that covers it, all or none; afterwards what it really
/// cost takes the place of that. Every method works in the caller's transaction, in the scope of the workspace or a wider one.
/// </summary>
public sealed class Purse(Ids ids, EventLog events, IEnumerable<ISpendApproval> approvals)
{
    /// <summary>Holds <paramref name="boundMicros"/> in every budget that covers the call.</summary>
    /// <returns>The reservation's id.</returns>
    /// <exception cref="BudgetExceededError">One of them has not enough left. Nothing was reserved. What is free is never stopped.</exception>
    /// <exception cref="ApprovalRequiredError">One of them asks for a human's approval of so much, and there is none.</exception>
    /// <exception cref="LeaveExceededError">The approval that the step has is not for so much.</exception>
    public async ValueTask<string> ReserveAsync(ITransaction tx, Spending spending, long boundMicros)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(boundMicros);
        var budgets = await BudgetsTable.FindAsync(tx, spending.BudgetNames()).ConfigureAwait(false);
        var leave = boundMicros == 0 ? null : await LeaveAsync(tx, spending).ConfigureAwait(false);
        if (leave is null && budgets.FirstOrDefault(budget => boundMicros > budget.ApproveAboveMicros) is { } asks)
        {
            throw new ApprovalRequiredError(asks, spending, boundMicros);
        }

        if (leave?.UpToMicros is { } upTo)
        {
            var calls = await ReservationsTable.OfStepAsync(tx, spending.RunId!, spending.StepId!, 0, long.MaxValue).ConfigureAwait(false);
            var used = calls.SettledMicros + calls.HeldMicros;
            if (boundMicros > upTo - used)
            {
                throw new LeaveExceededError(spending, upTo, used, boundMicros);
            }
        }

        // Looked at all before the first is changed: a caller that goes on after the refusal leaves nothing behind.
        if (budgets.Count > 0)
        {
            await BudgetsTable.PassGateAsync(tx).ConfigureAwait(false);
        }

        foreach (var budget in budgets)
        {
            var now = await BudgetsTable.WithCountersAsync(tx, budget).ConfigureAwait(false);
            if (boundMicros > 0 && boundMicros > now.LimitMicros - now.SpentMicros - now.ReservedMicros)
            {
                throw new BudgetExceededError(now, boundMicros, tx.NowMs);
            }
        }

        return await WriteAsync(tx, spending, budgets, boundMicros, null).ConfigureAwait(false);
    }

    /// <summary>What the call cost is known; also for one that was settled at its bound, or at another sum.</summary>
    public ValueTask SettleAsync(ITransaction tx, string reservationId, long actualMicros)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(actualMicros);
        return MoveAsync(tx, reservationId, row => row with { State = ReservationState.Settled, ActualMicros = actualMicros });
    }

    /// <summary>What the call cost is not known: its bound counts as spent until it is.</summary>
    public ValueTask SettleAtBoundAsync(ITransaction tx, string reservationId) => MoveAsync(tx, reservationId,
        row => row.State == ReservationState.Open ? row with { State = ReservationState.Assumed } : row);

    /// <summary>The call provably cost nothing.</summary>
    public ValueTask ReleaseAsync(ITransaction tx, string reservationId) => MoveAsync(tx, reservationId,
        row => row with { State = ReservationState.Released, ActualMicros = 0 });

    /// <summary>Counts what was spent without having been reserved, such as what a worker reports. It is a fact, so no limit stops it; the next call is.</summary>
    public async ValueTask SpendAsync(ITransaction tx, Spending spending, long actualMicros)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(actualMicros);
        var budgets = await BudgetsTable.FindAsync(tx, spending.BudgetNames()).ConfigureAwait(false);
        if (budgets.Count > 0)
        {
            await BudgetsTable.PassGateAsync(tx).ConfigureAwait(false);
        }

        await WriteAsync(tx, spending, budgets, actualMicros, actualMicros).ConfigureAwait(false);
    }

    /// <summary>The most that the next such call may cost; null when no budget covers it. Another may take it first: only a reservation holds.</summary>
    public static async ValueTask<long?> LeftAsync(IQuery query, Spending spending)
    {
        long? left = null;
        foreach (var budget in await BudgetsTable.FindAsync(query, spending.BudgetNames()).ConfigureAwait(false))
        {
            var now = await BudgetsTable.WithCountersAsync(query, budget).ConfigureAwait(false);
            left = Math.Min(left ?? long.MaxValue, Math.Max(0, now.LimitMicros - now.SpentMicros - now.ReservedMicros));
        }

        return left;
    }

    private async ValueTask<string> WriteAsync(ITransaction tx, Spending spending, IReadOnlyList<BudgetRow> budgets, long boundMicros, long? actualMicros)
    {
        var row = new ReservationRow
        {
            ReservationId = ids.New("resv"),
            Workspace = spending.Workspace,
            RunId = spending.RunId,
            StepId = spending.StepId,
            Principal = spending.Principal,
            Agent = spending.Agent,
            Provider = spending.Provider,
            Model = spending.Model,
            Request = spending.Request,
            Generation = spending.Generation,
            BoundMicros = boundMicros,
            ActualMicros = actualMicros,
            State = actualMicros is null ? ReservationState.Open : ReservationState.Settled,
            AtMs = tx.NowMs,
        };
        await ReservationsTable.InsertAsync(tx, row).ConfigureAwait(false);
        foreach (var budget in budgets)
        {
            var startMs = BudgetPeriods.StartMs(budget.Every, tx.NowMs);
            await ReservationsTable.HoldAsync(tx, row.ReservationId, budget.Budget, startMs).ConfigureAwait(false);
            await BudgetsTable.AddAsync(tx, budget.Budget, startMs, row.Spent, row.Reserved).ConfigureAwait(false);
        }

        return row.ReservationId;
    }

    private async ValueTask MoveAsync(ITransaction tx, string reservationId, Func<ReservationRow, ReservationRow> change)
    {
        var holds = await ReservationsTable.HoldsAsync(tx, reservationId).ConfigureAwait(false);
        if (holds.Count > 0)
        {
            await BudgetsTable.PassGateAsync(tx).ConfigureAwait(false);
        }

        var before = await ReservationsTable.FindAsync(tx, reservationId).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"There is no reservation '{reservationId}'.");
        var after = change(before);
        if (after == before)
        {
            return;
        }

        await ReservationsTable.ChangeAsync(tx, after).ConfigureAwait(false);
        foreach (var hold in holds)
        {
            await BudgetsTable.AddAsync(tx, hold.Budget, hold.StartMs, after.Spent - before.Spent, after.Reserved - before.Reserved).ConfigureAwait(false);
        }

        // A bound that did not hold is a wrong price somewhere: the one thing that can take a budget over its limit.
        if (after.Spent > after.BoundMicros)
        {
            await events.AppendAsync(tx, after.Workspace, "budget.bound_exceeded", after.RunId, new
            {
                after.RunId, after.StepId, after.Provider, after.Model, after.Request, after.BoundMicros, after.ActualMicros,
            }).ConfigureAwait(false);
        }
    }

    private async ValueTask<SpendLeave?> LeaveAsync(ITransaction tx, Spending spending)
    {
        if (spending is not { RunId: { } runId, StepId: { } stepId })
        {
            return null;
        }

        foreach (var approval in approvals)
        {
            if (await approval.FindAsync(tx, runId, stepId).ConfigureAwait(false) is { } leave)
            {
                return leave;
            }
        }

        return null;
    }
}
