using Microsoft.Extensions.AI;
using Npgsql;
using Pipeline.Storage.State;

namespace Pipeline.Index.Tests;

/// <summary>A database of its own on the test server, made from a template that is migrated once.</summary>
public sealed class PostgresBackEnd : IndexBackEnd
{
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);

    private readonly string _name;
    private readonly LabDatabase _database;

    private PostgresBackEnd(string name) => (_name, _database) = (name, new LabDatabase(On(name)));

    public override IDatabase Database => _database;

    /// <summary>For what runs outside transactions.</summary>
    public NpgsqlDataSource Source => _database.Source;

    public static async Task<PostgresBackEnd> CreateAsync()
    {
        var name = NewName();
        await AdministerAsync($"create database {name} template {await Template.Value}");
        return new PostgresBackEnd(name);
    }

    public override ISearchIndex Open(IEmbeddingGenerator<string, Embedding<float>> generator) => new PostgresSearchIndex(_database, generator);

    public override async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await AdministerAsync($"drop database {_name} with (force)");
    }

    private static string Server => Environment.GetEnvironmentVariable("PIPELINE_TEST_POSTGRES")
        ?? throw new InvalidOperationException("""PIPELINE_TEST_POSTGRES names no server: eval "$(sh tests/services up)".""");

    private static string NewName() => "index_" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);

    private static string On(string name) => new NpgsqlConnectionStringBuilder(Server) { Database = name }.ToString();

    private static async Task<string> MakeTemplateAsync()
    {
        var name = NewName();
        await AdministerAsync($"create database {name}");
        await using (var database = new LabDatabase(On(name)))
        {
            await PostgresVectorExtension.EnsureAsync(database, CancellationToken.None);
            await database.MigrateAsync(PostgresSearchIndex.Tables, CancellationToken.None);
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => AdministerAsync($"drop database if exists {name} with (force)").GetAwaiter().GetResult();
        return name;
    }

    private static async Task AdministerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
