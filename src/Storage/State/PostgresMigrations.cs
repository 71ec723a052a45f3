using System.Diagnostics;
using Npgsql;

namespace Pipeline.Storage.State;

/// <summary>
/// Brings a store to the shape of this build while no transaction of any node runs. Nodes of the build before go on beside it afterwards, so a
/// migration only adds: tables, columns with a default or none, indexes.
/// </summary>
internal static class PostgresMigrations
{
    private const string Clock = """
        do $make$ begin
          if to_regprocedure('pipeline_now_ms()') is null then
            create function pipeline_now_ms() returns bigint language sql volatile as 'select (extract(epoch from clock_timestamp()) * 1000)::bigint';
          end if;
        end $make$
        """;

    /// <exception cref="StorageFailedException">The database cannot be reached, or was written by a newer build.</exception>
    public static async Task RunAsync(string connectionString, PostgresOptions options, IReadOnlyList<Table> tables, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await options.Prepare(connectionString, cancellation).ConfigureAwait(false);
                await Task.Run(() => RunOnce(connectionString, tables), cancellation).ConfigureAwait(false);
                return;
            }
            catch (Exception failure) when (PostgresFailure.IsPassing(failure))
            {
                if (Stopwatch.GetElapsedTime(since) > options.RetryFor)
                {
                    throw PostgresFailure.GaveUp(failure);
                }
            }

            await Task.Delay(200, cancellation).ConfigureAwait(false);
        }
    }

    private static void RunOnce(string connectionString, IReadOnlyList<Table> tables)
    {
        var patient = new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 }.ToString();
        using var connection = PostgresConnection.Open(patient);
        connection.Execute("set lock_timeout=0");
        connection.Execute("begin isolation level read committed");
        connection.Execute("select pg_advisory_xact_lock(@Whole)", new { connection.Place.Whole });
        connection.Execute(Clock);
        var session = new PostgresSession(connection, 0, [], shared: false);
        RowsOnly.Result(Migrations.RunAsync(session, Dialect.Postgres, tables));
        connection.Execute("commit");
    }
}
