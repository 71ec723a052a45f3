using Pipeline.Storage.State;
using Pipeline.Tools.Costs;

namespace Pipeline.Reliability.Unguarded;

/// <summary>A transaction without guards.</summary>
internal sealed class UnguardedTransaction(ITransaction inner, Action<Func<ITransaction, ValueTask>> later) : ITransaction
{
    private bool _tendsLocks;

    public long NowMs => inner.NowMs;

    public ValueTask<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) => inner.QueryAsync<T>(Changed(sql), parameters);

    public ValueTask<T?> FirstAsync<T>(string sql, object? parameters = null) => inner.FirstAsync<T>(Changed(sql), parameters);

    public ValueTask<int> ExecuteAsync(string sql, object? parameters = null)
    {
        if (LeftOut.Waste && GuardText.InsertsCharge(sql) && parameters is Charge { Waste: not null })
        {
            return ValueTask.FromResult(1);
        }

        if (LeftOut.Outbox && GuardText.InsertsDelivery(sql))
        {
            later(async tx =>
            {
                await tx.ExecuteAsync(sql, parameters);
                tx.Notify(Tools.Webhooks.DeliveriesTable.Channel);
            });
            return ValueTask.FromResult(1);
        }

        return inner.ExecuteAsync(Changed(sql), parameters);
    }

    public void Notify(string channel) => inner.Notify(channel);

    private string Changed(string sql)
    {
        _tendsLocks |= GuardText.TendsLocks(sql);
        return LeftOut.Locks && !_tendsLocks && GuardText.AsksHolder(sql) ? GuardText.OnceHeld(sql)
            : LeftOut.Locks ? GuardText.WithoutWriteGuard(sql)
            : LeftOut.Keys && GuardText.AsksAnswer(sql) ? GuardText.NeverAnswered(sql)
            : LeftOut.Expiry && GuardText.AsksDue(sql) ? GuardText.NeverDue(sql)
            : sql;
    }
}
