namespace Pipeline.Storage.State;

/// <summary>Reads a PostgreSQL store as any node does. Its structure is looked at by PostgreSQL's own <c>pg_amcheck</c>, which needs rights that we do not ask for.</summary>
public sealed class PostgresReading(PostgresOptions options) : IReading
{
    private readonly PostgresDatabase _database = PostgresDatabase.Open(options);

    public Task<T> ReadAsync<T>(Func<IQuery, ValueTask<T>> work, CancellationToken cancellation) => _database.ReadAsync(work, cancellation);

    public Task<IReadOnlyList<string>> FaultsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([]);

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
