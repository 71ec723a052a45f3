using Microsoft.Extensions.AI;
using Pipeline.Faults.Services;
using Pipeline.Storage.State;

[assembly: AssemblyFixture(typeof(KeptToTheEnd))]

namespace Pipeline.Index.Tests;

/// <summary>A database of its own on the test server, a copy of one that is migrated once.</summary>
public sealed class PostgresBackEnd : IndexBackEnd
{
    private static readonly Lazy<Task<TestPostgres>> Template = new(MakeTemplateAsync);

    private readonly TestPostgres _server;
    private readonly PostgresDatabase _database;

    private PostgresBackEnd(TestPostgres server) => (_server, _database) = (server, Connect(server));

    public override IDatabase Database => _database;

    /// <summary>For what runs outside transactions.</summary>
    public string ConnectionString => _server.ConnectionString;

    public static async Task<PostgresBackEnd> CreateAsync()
    {
        var made = new PostgresBackEnd(TestPostgres.Create(await Template.Value));
        await made.Database.MigrateAsync(PostgresSearchIndex.Tables, CancellationToken.None);
        return made;
    }

    public override ISearchIndex Open(IEmbeddingGenerator<string, Embedding<float>> generator) => new PostgresSearchIndex(_database, generator);

    /// <summary>Another node on the same database.</summary>
    public PostgresDatabase Connect() => Connect(_server);

    public override async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static PostgresDatabase Connect(TestPostgres server) => PostgresDatabase.Open(new() { ConnectionString = server.ConnectionString });

    private static async Task<TestPostgres> MakeTemplateAsync()
    {
        var server = TestPostgres.Create();
        KeptToTheEnd.Add(server);
        await PostgresVectorExtension.EnsureAsync(server.ConnectionString, CancellationToken.None);
        await using var database = Connect(server);
        await database.MigrateAsync(PostgresSearchIndex.Tables, CancellationToken.None);
        return server;
    }
}
