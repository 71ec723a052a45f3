using Pipeline.Faults.Services;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

/// <summary>The suites that PostgreSQL runs, each test in a database of its own.</summary>
public static class PostgresSuites
{
    [Trait("needs", "services")]
    public sealed class Transactions : TransactionSuite
    {
        private readonly TestPostgres _server = TestPostgres.Create();

        protected override Task<IDatabase> OpenEmptyAsync(TimeProvider time) => OpenServerAsync(_server);

        protected override void Close() => _server.Dispose();
    }

    [Trait("needs", "services")]
    public sealed class Migrations : MigrationSuite
    {
        private readonly TestPostgres _server = TestPostgres.Create();

        protected override Task<IDatabase> OpenEmptyAsync(TimeProvider time) => OpenServerAsync(_server);

        protected override void Close() => _server.Dispose();
    }

    [Trait("needs", "services")]
    public sealed class Waking : SignalSuite
    {
        private readonly TestPostgres _server = TestPostgres.Create();

        protected override Task<IDatabase> OpenEmptyAsync(TimeProvider time) => OpenServerAsync(_server);

        protected override void Close() => _server.Dispose();
    }

    // Its clock is the server's.
    private static Task<IDatabase> OpenServerAsync(TestPostgres server) =>
        Task.FromResult<IDatabase>(PostgresDatabase.Open(new() { ConnectionString = server.ConnectionString }));
}
