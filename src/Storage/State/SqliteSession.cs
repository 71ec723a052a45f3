using Dapper;
using Microsoft.Data.Sqlite;

namespace Pipeline.Storage.State;

/// <summary>
/// One delegate's statements on one connection. SQLite answers synchronously, so every task returned is already complete. The session
/// ends with its delegate: a statement that comes later, or from another thread, would land in someone else's transaction and is refused.
/// </summary>
internal sealed class SqliteSession(PreparingConnection connection, long nowMs, List<string>? channels = null) : ITransaction
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private bool _ended;

    public long NowMs => nowMs;

    /// <summary>
    /// Why SQLite dropped the whole transaction, if it did: on a full disk or an I/O error it may roll back everything by itself, and
    /// whatever ran next would commit alone.
    /// </summary>
    public StorageFailedException? Lost { get; private set; }

    public ValueTask<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        new(Run(() => connection.Prepared(sql, parameters)?.Query<T>(parameters) ?? connection.Query<T>(sql, parameters).AsList()));

    public ValueTask<T?> FirstAsync<T>(string sql, object? parameters = null) =>
        new(Run(() => connection.Prepared(sql, parameters) is { } prepared ? prepared.First<T>(parameters) : connection.QueryFirstOrDefault<T?>(sql, parameters)));

    public ValueTask<int> ExecuteAsync(string sql, object? parameters = null) =>
        new(Run(() => connection.Prepared(sql, parameters)?.Execute(parameters) ?? connection.Execute(sql, parameters)));

    public void Notify(string channel) => channels?.Add(channel);

    /// <summary>Ends the session; says whether the transaction around it is still there.</summary>
    public bool End()
    {
        _ended = true;
        if (Lost is null && !InTransaction())
        {
            Lost = new StorageFailedException("The delegate ended the transaction that it shares.", null, full: false);
        }

        return Lost is null;
    }

    private TAnswer Run<TAnswer>(Func<TAnswer> statement)
    {
        if (_ended || Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("Rows can be touched only inside the delegate that was given the transaction, on its own thread.");
        }

        if (Lost is not null)
        {
            throw Lost;
        }

        try
        {
            return statement();
        }
        catch (SqliteException failure)
        {
            var failed = StorageFailedException.From(failure);
            if (!InTransaction())
            {
                Lost = failed ?? new StorageFailedException(failure.Message, failure, full: false);
                throw Lost;
            }

            if (failed is not null)
            {
                throw failed;
            }

            throw;
        }
    }

    private bool InTransaction() => SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0;
}
