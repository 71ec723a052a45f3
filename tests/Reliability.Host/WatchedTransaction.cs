using Pipeline.Storage.State;

namespace Pipeline.Reliability.Host;

/// <summary>A transaction that remembers what it did to the lock queue. One path and exclusive locks are assumed, as the fairness workload has them.</summary>
internal sealed class WatchedTransaction(ITransaction inner) : ITransaction
{
    public long NowMs => inner.NowMs;

    /// <summary>The ticket that it drew.</summary>
    public long? Came { get; private set; }

    /// <summary>The ticket that it took out of the queue.</summary>
    public long? Left { get; private set; }

    /// <summary>Whether it granted a lock.</summary>
    public bool Granted { get; private set; }

    /// <summary>Whether it ended one.</summary>
    public bool Released { get; private set; }

    /// <summary>How many waiters it calls.</summary>
    public int Wakes { get; private set; }

    public ValueTask<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) => inner.QueryAsync<T>(sql, parameters);

    public async ValueTask<T?> FirstAsync<T>(string sql, object? parameters = null)
    {
        var first = await inner.FirstAsync<T>(sql, parameters);
        if (sql.Contains("insert into lock_waiters(", StringComparison.Ordinal) && first is long ticket)
        {
            Came = ticket;
        }

        return first;
    }

    public ValueTask<int> ExecuteAsync(string sql, object? parameters = null)
    {
        if (sql.Contains("delete from lock_waiters where ticket", StringComparison.Ordinal))
        {
            Left = (long)parameters!.GetType().GetProperty("ticket")!.GetValue(parameters)!;
        }

        Granted |= sql.Contains("insert into locks(", StringComparison.Ordinal);
        Released |= sql.Contains("update locks set ended_at_ms", StringComparison.Ordinal);
        return inner.ExecuteAsync(sql, parameters);
    }

    public void Notify(string channel)
    {
        Wakes += channel.StartsWith("lock:", StringComparison.Ordinal) ? 1 : 0;
        inner.Notify(channel);
    }
}
