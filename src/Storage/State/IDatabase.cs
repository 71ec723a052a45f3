namespace Pipeline.Storage.State;

/// <summary>A state store: rows in transactions, one clock, ordered migrations, and wake-ups after commit.</summary>
public interface IDatabase : IAsyncDisposable
{
    /// <summary>What the engine's SQL truly does differently.</summary>
    Dialect Dialect { get; }

    /// <summary>Wake-ups that committed transactions have sent; waiting on one costs no connection.</summary>
    Signals Signals { get; }

    /// <summary>Runs the migrations that the store has not seen yet, in the order given, each exactly once.</summary>
    Task MigrateAsync(IReadOnlyList<Table> tables, CancellationToken cancellation);

    /// <summary>
    /// Runs <paramref name="work"/> in one serialised transaction and returns when it is durable on disk.
    /// An exception rolls back everything that <paramref name="work"/> did. Work touches rows only: never files, processes or the network.
    /// </summary>
    Task<T> TransactAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation);

    /// <summary>
    /// The same for work that frees something, such as a lock, a lease or an object: on a full disk it may use the room that is kept for it.
    /// A store without such room runs it like any other; it may run twice, the first time in vain.
    /// </summary>
    Task<T> RelieveAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => TransactAsync(work, cancellation);

    /// <summary>
    /// The same, serialised only against transactions of the same <paramref name="scope"/> and those without one: for work that reads and writes
    /// nothing outside a workspace, whose name is its scope, or outside a named queue. An engine with one writer has no use for it.
    /// A store that loses its connection before the commit runs the work again, so it sets what it captures from scratch each time.
    /// </summary>
    Task<T> TransactAsync<T>(string scope, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => TransactAsync(work, cancellation);

    /// <summary>What <see cref="RelieveAsync{T}(Func{ITransaction, ValueTask{T}}, CancellationToken)"/> is, within <paramref name="scope"/>.</summary>
    Task<T> RelieveAsync<T>(string scope, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => RelieveAsync(work, cancellation);

    /// <summary>This process among those that share the store, for rows that mean something only while it lives; empty where none share it.</summary>
    string Node => "";

    /// <summary>Which of <paramref name="nodes"/> no longer live. One that is only slow, or stopped, lives.</summary>
    Task<IReadOnlyList<string>> GoneAsync(IReadOnlyCollection<string> nodes, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Ends, with the reason, once the store refuses to write until its process is started again; never otherwise.</summary>
    Task<StorageFailedException> Stopped => new TaskCompletionSource<StorageFailedException>().Task;

    /// <summary>Runs <paramref name="work"/> against one consistent snapshot of what has been committed.</summary>
    Task<T> ReadAsync<T>(Func<IQuery, ValueTask<T>> work, CancellationToken cancellation);
}
