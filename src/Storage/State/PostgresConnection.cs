using Npgsql;

namespace Pipeline.Storage.State;

/// <summary>
/// One session with its prepared statements, which cost more to parse than to run. For one user at a time; what breaks it is dropped with it.
/// </summary>
internal sealed class PostgresConnection : IDisposable
{
    private const int Most = 1000;

    // A node that is cut off, or stops, holds others up for these seconds and no longer; what was sent to it and not taken counts as silence too. A commit that is answered is durable whatever the server's default.
    private const string Settings = """
        set idle_in_transaction_session_timeout='10s'; set lock_timeout='10s'; set tcp_keepalives_idle=5; set tcp_keepalives_interval=2; set tcp_keepalives_count=3; set tcp_user_timeout=10000;
        set client_min_messages=warning; set jit=off;
        select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local');
        """;

    private readonly NpgsqlConnection _connection;
    private readonly Dictionary<(string Sql, Type? Parameters), PostgresStatement> _statements = [];

    private PostgresConnection(NpgsqlConnection connection, PostgresPlace place) => (_connection, Place) = (connection, place);

    /// <summary>The schema and history that the session reached.</summary>
    public PostgresPlace Place { get; }

    /// <summary>The driver's own connection.</summary>
    public NpgsqlConnection Driver => _connection;

    /// <summary>Reaches the primary.</summary>
    public static PostgresConnection Open(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            connection.Open();
            using (var settings = new NpgsqlCommand(Settings, connection))
            {
                settings.ExecuteNonQuery();
            }

            using var place = new NpgsqlCommand(PostgresPlace.Sql, connection);
            using var rows = place.ExecuteReader();
            return new(connection, PostgresPlace.Read(rows));
        }
        catch (PostgresException refused) when (!PostgresFailure.IsPassing(refused))
        {
            connection.Dispose();
            throw new StorageFailedException($"The database refused the connection ({refused.SqlState}); check the address, the user and the password.", refused, full: false);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs <paramref name="connect"/>, which blocks, on a thread of its own: many at once would leave the process without threads to answer on.</summary>
    public static Task<PostgresConnection> OpenAsync(Func<PostgresConnection> connect, CancellationToken cancellation) =>
        Task.Factory.StartNew(connect, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>The statement, ready to run; <paramref name="kept"/> says whether the connection keeps it, or the caller disposes it.</summary>
    /// <exception cref="NpgsqlException">The session was lost while nothing ran: the driver looks after idle ones, and closes those that are gone.</exception>
    public PostgresStatement Statement(string sql, object? parameters, out bool kept)
    {
        if (_connection.State != System.Data.ConnectionState.Open)
        {
            throw new NpgsqlException("The session ended while it was idle.");
        }

        kept = parameters is not IReadOnlyDictionary<string, object?>;
        if (!kept)
        {
            return new(_connection, sql, (IReadOnlyDictionary<string, object?>)parameters!);
        }

        var key = (sql, parameters?.GetType());
        if (!_statements.TryGetValue(key, out var statement))
        {
            if (_statements.Count == Most)
            {
                Forget();
            }

            _statements[key] = statement = new(_connection, sql, key.Item2);
        }

        return statement;
    }

    /// <summary>Runs a statement for its effect.</summary>
    public int Execute(string sql, object? parameters = null) => Statement(sql, parameters, out _).Execute(parameters);

    /// <summary>Runs a statement for its one row.</summary>
    public T First<T>(string sql, object? parameters = null) => Statement(sql, parameters, out _).Query<T>(parameters)[0];

    public void Dispose()
    {
        _statements.Clear();
        _connection.Dispose();
    }

    private void Forget()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
        _connection.UnprepareAll();
    }
}
