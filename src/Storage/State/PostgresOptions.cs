namespace Pipeline.Storage.State;

/// <summary>How a node uses PostgreSQL. No record, for its text would hold the connection string, which is a secret.</summary>
public sealed class PostgresOptions
{
    /// <summary>Npgsql's connection string; it reaches the server itself or a pooler that keeps sessions whole.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>What the tables need and no migration can do, such as an extension; given the connection string, before each migration. <value>nothing</value></summary>
    public Func<string, CancellationToken, Task> Prepare { get; init; } = static (_, _) => Task.CompletedTask;

    /// <summary>Connections, and threads, that write. <value>8</value></summary>
    public int Writers { get; init; } = 8;

    /// <summary>Connections that read. <value>16</value></summary>
    public int Readers { get; init; } = 16;

    /// <summary>Transactions, and reads, that may wait for a connection; whoever comes later is told that the store is busy. <value>2000</value></summary>
    public int MostQueued { get; init; } = 2000;

    /// <summary>For how long a lost database is tried again before callers are told. <value>15 seconds</value></summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(15);
}
