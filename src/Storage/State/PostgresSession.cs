using Npgsql;

namespace Pipeline.Storage.State;

/// <summary>
/// One delegate's statements inside a transaction, on the thread that writes: every task returned is already complete. It ends with its delegate.
/// Beside others in the same transaction it makes a savepoint together with its first statement that may write, in the same round trip.
/// </summary>
internal sealed class PostgresSession(PostgresConnection connection, long nowMs, List<string> channels, bool shared) : ITransaction
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private bool _ended;

    public long NowMs => nowMs;

    /// <summary>Why the whole transaction is gone, if it is, whatever its delegate makes of it.</summary>
    public Exception? Lost { get; private set; }

    /// <summary>Whether there is a savepoint to go back to.</summary>
    public bool HasSavepoint { get; private set; }

    /// <summary>Whether a statement failed, after which PostgreSQL takes nothing more up to a rollback.</summary>
    public bool Failed { get; private set; }

    public ValueTask<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) => new(Run(sql, parameters, statement => statement.Query<T>(parameters)));

    public ValueTask<T?> FirstAsync<T>(string sql, object? parameters = null) =>
        new(Run(sql, parameters, statement => statement.Query<T>(parameters) is [var first, ..] ? first : default));

    public ValueTask<int> ExecuteAsync(string sql, object? parameters = null) => new(Run(sql, parameters, statement => statement.Execute(parameters)));

    public void Notify(string channel) => channels.Add(channel);

    /// <summary>Ends the session: a statement that comes later would land in someone else's transaction and is refused.</summary>
    public void End() => _ended = true;

    private T Run<T>(string sql, object? parameters, Func<PostgresStatement, T> run)
    {
        if (_ended || Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("Rows can be touched only inside the delegate that was given the transaction, on its own thread.");
        }

        if (Lost is not null)
        {
            throw Lost;
        }

        var begins = shared && !HasSavepoint && !OnlyReads(sql);
        HasSavepoint |= begins;
        var statement = connection.Statement(begins ? "savepoint work; " + sql : sql, parameters, out var kept);
        try
        {
            return run(statement);
        }
        catch (NpgsqlException failure)
        {
            Failed = true;
            Lost = PostgresFailure.IsPassing(failure) ? failure : PostgresFailure.OfMedium(failure);
            throw Lost is StorageFailedException told ? told : failure;
        }
        finally
        {
            if (!kept)
            {
                statement.Dispose();
            }
        }
    }

    private static bool OnlyReads(string sql) =>
        sql.AsSpan().TrimStart().StartsWith("select", StringComparison.Ordinal) && !sql.Contains("for update", StringComparison.Ordinal);
}
