using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

/// <summary>The suites that SQLite runs.</summary>
public static class SqliteSuites
{
    public sealed class Transactions : TransactionSuite
    {
        protected override Task<IDatabase> OpenEmptyAsync(TimeProvider time) => OpenFileAsync(Folder, time);
    }

    public sealed class Migrations : MigrationSuite
    {
        protected override Task<IDatabase> OpenEmptyAsync(TimeProvider time) => OpenFileAsync(Folder, time);
    }

    public sealed class Waking : SignalSuite
    {
        protected override Task<IDatabase> OpenEmptyAsync(TimeProvider time) => OpenFileAsync(Folder, time);
    }

    private static Task<IDatabase> OpenFileAsync(string folder, TimeProvider time) =>
        Task.FromResult<IDatabase>(SqliteDatabase.Open(Path.Combine(folder, "test.db"), time));
}
