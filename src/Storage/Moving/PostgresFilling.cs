using Dapper;
using Npgsql;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Moving;

/// <summary>
/// Fills an empty PostgreSQL database with all rows of a data folder, in one transaction: whenever it is interrupted, the database holds nothing but
/// the mark that says whose it is to be, and the next try starts the rows afresh.
/// </summary>
public sealed class PostgresFilling
{
    private readonly string _connectionString;
    private readonly string _house;

    static PostgresFilling() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    private PostgresFilling(string connectionString, string house) => (_connectionString, _house) = (connectionString, house);

    /// <summary>Which database it is, for people: without user and password.</summary>
    public string Place => PlaceOf(_connectionString);

    /// <summary>Names the database of a connection string without its secrets.</summary>
    /// <exception cref="InvalidDataException">The connection string is none.</exception>
    public static string PlaceOf(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(PostgresConnectionString.Complete(connectionString));
        return $"database '{parts.Database ?? parts.Username}' at {parts.Host}:{parts.Port}{(parts.SearchPath is { Length: > 0 } path ? $", schema '{path}'" : "")}";
    }

    /// <summary>Marks the database as the one that the house is moved to. From here on no node starts on it.</summary>
    /// <exception cref="StorageFailedException">It holds something else, or is served already.</exception>
    public static async Task<PostgresFilling> BeginAsync(string connectionString, string house, CancellationToken cancellation)
    {
        var filling = new PostgresFilling(new NpgsqlConnectionStringBuilder(PostgresConnectionString.Complete(connectionString)) { CommandTimeout = 0 }.ToString(), house);
        await Task.Run(() => filling.Told(connection => filling.Claim(connection)), cancellation).ConfigureAwait(false);
        return filling;
    }

    /// <summary>Copies and compares; commits only when everything is the same there.</summary>
    /// <param name="source">Where the rows are.</param>
    /// <param name="rows">What to bring.</param>
    /// <param name="told">Told the name of each table before it is copied.</param>
    /// <param name="beforeCommit">Called when all is well: from its return on the new place may count.</param>
    /// <param name="cancellation">Gives up; nothing is kept.</param>
    public Task<FilledHouse> RunAsync(HouseSource source, MovingRows rows, IProgress<string> told, Action beforeCommit, CancellationToken cancellation) =>
        Task.Run(() => Told(connection => Fill(connection, source, rows, told, beforeCommit, cancellation)), cancellation);

    private FilledHouse Fill(PostgresConnection connection, HouseSource source, MovingRows rows, IProgress<string> told, Action beforeCommit, CancellationToken cancellation)
    {
        Begin(connection);
        if (Owned(connection).State == HouseMoveTable.Arrived)
        {
            Clear(connection);
        }

        connection.Execute(PostgresMigrations.Clock);
        var session = new PostgresSession(connection, connection.First<long>("select pipeline_now_ms()"), [], shared: false);
        RowsOnly.Result(Migrations.RunAsync(session, Dialect.Postgres, rows.Tables));
        var checks = new List<TableCheck>();
        foreach (var table in source.Tables().Where(table => !rows.Apart.Contains(table) && table is not ("migrations" or "store_clock")))
        {
            told.Report(table);
            checks.Add(TableCopy.Plan(table, source, connection).Run(source, connection, cancellation));
        }

        told.Report("index");
        checks.AddRange(RowsOnly.Result(rows.BringApart(source.Query(), session)));
        told.Report("audit");
        var wrong = RowsOnly.Result(rows.Examine(session));
        var filled = new FilledHouse(checks, wrong);
        if (filled.Same)
        {
            beforeCommit();
            connection.Execute(HouseMoveTable.Mark, new { State = HouseMoveTable.Arrived, SourceNowMs = source.NowMs });
            connection.Execute("commit");
        }
        else
        {
            connection.Execute("rollback");
        }

        return filled;
    }

    private bool Claim(PostgresConnection connection)
    {
        Begin(connection);
        if (HouseMoveTable.Of(connection) is null && connection.First<long>(HouseMoveTable.IsTaken) > 0)
        {
            throw new StorageFailedException($"The {Place} holds a house already. Name an empty one: create database NAME.", null, full: false);
        }

        connection.Execute(HouseMoveTable.Create);
        connection.Execute(HouseMoveTable.Claim, new { House = _house });
        Owned(connection);
        connection.Execute("commit");
        return true;
    }

    private HouseMoveTable.Row Owned(PostgresConnection connection) => HouseMoveTable.Of(connection) switch
    {
        { House: var house } when house != _house => throw new StorageFailedException(
            $"The {Place} is where another house was moved to. Name an empty one: create database NAME.", null, full: false),
        { State: HouseMoveTable.Served, AtMs: var atMs } => throw new StorageFailedException(
            $"This house has been served from the {Place} since {DateTimeOffset.FromUnixTimeMilliseconds(atMs):u}; moving it there again would undo what was done since. Name an empty one: create database NAME.", null, full: false),
        { } row => row,
        null => throw new StorageFailedException($"The mark that this house made in the {Place} is gone: someone else works on it. Run this again.", null, full: false),
    };

    // Nobody has served what an earlier try brought here, and the old place went on since: it is brought anew.
    private static void Clear(PostgresConnection connection)
    {
        var tables = connection.Statement(
            "select relname::text from pg_class where relkind in ('r', 'p') and not relispartition and relnamespace=current_schema()::regnamespace and relname<>@Name", new { HouseMoveTable.Name }, out _)
            .Query<string>(new { HouseMoveTable.Name });
        foreach (var table in tables)
        {
            connection.Execute($"drop table \"{table}\" cascade");
        }
    }

    // Alone among all transactions of all nodes.
    private static void Begin(PostgresConnection connection)
    {
        connection.Execute("set lock_timeout=0; set statement_timeout=0; set idle_in_transaction_session_timeout=0");
        connection.Execute("begin isolation level read committed");
        connection.Execute("select pg_advisory_xact_lock(@Whole)", new { connection.Place.Whole });
    }

    // The driver's words about a statement say nothing of a row; about the way to the server they may name what is nobody's business.
    private T Told<T>(Func<PostgresConnection, T> work)
    {
        try
        {
            using var connection = PostgresConnection.Open(_connectionString);
            return work(connection);
        }
        catch (PostgresException refused)
        {
            throw new StorageFailedException($"The {Place} refused: {refused.MessageText} ({refused.SqlState}{(refused.TableName is { } table ? ", table " + table : "")}). Nothing was kept there.", refused, full: false);
        }
        catch (NpgsqlException lost)
        {
            throw new StorageFailedException($"The {Place} cannot be reached, or went away meanwhile. Nothing is half done there; run this again.", lost, full: false);
        }
    }
}
