using System.Security.Cryptography;
using Npgsql;

namespace Pipeline.Faults.Services;

/// <summary>A database of a test's own on the PostgreSQL server that the environment names; it is dropped in the end.</summary>
public sealed class TestPostgres : IAsyncDisposable, IDisposable
{
    private TestPostgres(string name) => ConnectionString = new NpgsqlConnectionStringBuilder(Server) { Database = name, Pooling = false }.ToString();

    /// <summary>How to reach it.</summary>
    public string ConnectionString { get; }

    /// <summary>The server's connection string, without which the tests that need it fail.</summary>
    public static string Server => Environment.GetEnvironmentVariable("PIPELINE_TEST_POSTGRES")
        ?? throw new InvalidOperationException("PIPELINE_TEST_POSTGRES names no server: run `eval \"$(sh tests/services up)\"` first.");

    private string Name => new NpgsqlConnectionStringBuilder(ConnectionString).Database!;

    /// <summary>Makes an empty one, or a copy of <paramref name="template"/>, which nobody may be using.</summary>
    public static TestPostgres Create(TestPostgres? template = null)
    {
        var name = "pipeline_test_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        Run(Server, $"create database {name} template {template?.Name ?? "template0"} strategy {(template is null ? "wal_log" : "file_copy")}");
        return new(name);
    }

    /// <summary>Runs a statement in it, in a session of its own.</summary>
    public void Run(string sql) => Run(ConnectionString, sql);

    /// <summary>Throws every session out but the one that asks; says how many.</summary>
    public long ThrowOut() => ThrowOut("true");

    /// <summary>The same for those that meet <paramref name="condition"/> on pg_stat_activity.</summary>
    public long ThrowOut(string condition)
    {
        using var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(
            $"select count(pg_terminate_backend(pid)) from pg_stat_activity where datname=current_database() and pid<>pg_backend_pid() and ({condition})", connection);
        return (long)command.ExecuteScalar()!;
    }

    public void Dispose() => Run(Server, $"drop database if exists {Name} with (force)");

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Run(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 120 }.ToString());
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
