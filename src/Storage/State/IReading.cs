namespace Pipeline.Storage.State;

/// <summary>Reads a store beside the processes that serve it, or when none does: nothing is written or migrated.</summary>
public interface IReading : IAsyncDisposable
{
    /// <summary>Runs <paramref name="work"/> against one consistent snapshot.</summary>
    /// <exception cref="StorageFailedException">The store cannot be read.</exception>
    Task<T> ReadAsync<T>(Func<IQuery, ValueTask<T>> work, CancellationToken cancellation);

    /// <summary>What is wrong with the store's own structure, as far as the engine tells a reader; nothing when it is sound.</summary>
    Task<IReadOnlyList<string>> FaultsAsync(CancellationToken cancellation);
}
