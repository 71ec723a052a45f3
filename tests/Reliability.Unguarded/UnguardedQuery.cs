using Pipeline.Storage.State;

namespace Pipeline.Reliability.Unguarded;

/// <summary>Reads without guards.</summary>
internal sealed class UnguardedQuery(IQuery inner) : IQuery
{
    public long NowMs => inner.NowMs;

    public ValueTask<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) => inner.QueryAsync<T>(Changed(sql), parameters);

    public ValueTask<T?> FirstAsync<T>(string sql, object? parameters = null) => inner.FirstAsync<T>(Changed(sql), parameters);

    private static string Changed(string sql) =>
        LeftOut.Locks && GuardText.AsksHolder(sql) ? GuardText.OnceHeld(sql)
        : LeftOut.Keys && GuardText.AsksAnswer(sql) ? GuardText.NeverAnswered(sql)
        : LeftOut.Expiry && GuardText.AsksDue(sql) ? GuardText.NeverDue(sql)
        : sql;
}
