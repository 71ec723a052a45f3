namespace Pipeline.Storage.State;

/// <summary>One delegate's statements on one snapshot. Statements follow each other: a session does one thing at a time.</summary>
internal sealed class PostgresQuery(PostgresConnection connection, long nowMs, CancellationToken cancellation) : IQuery
{
    private bool _ended;

    public long NowMs => nowMs;

    public async ValueTask<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        if (_ended)
        {
            throw new InvalidOperationException("Rows can be read only inside the delegate that was given the snapshot.");
        }

        var statement = connection.Statement(sql, parameters, out var kept);
        try
        {
            return await statement.QueryAsync<T>(parameters, cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (!kept)
            {
                statement.Dispose();
            }
        }
    }

    public async ValueTask<T?> FirstAsync<T>(string sql, object? parameters = null) =>
        await QueryAsync<T>(sql, parameters).ConfigureAwait(false) is [var first, ..] ? first : default;

    /// <summary>Ends the session with its delegate.</summary>
    public void End() => _ended = true;
}
