using Pipeline.Storage.State;

namespace Pipeline.Reliability.Unguarded;

/// <summary>The store with the guards of <see cref="LeftOut"/> taken out of its statements.</summary>
internal sealed class UnguardedDatabase(IDatabase inner) : IDatabase
{
    private static readonly TimeSpan LateCommit = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LateOutbox = TimeSpan.FromMilliseconds(50);

    public Dialect Dialect => inner.Dialect;

    public Signals Signals => inner.Signals;

    public async Task MigrateAsync(IReadOnlyList<Table> tables, CancellationToken cancellation)
    {
        await GuardText.RequireAsync();
        await inner.MigrateAsync(tables, cancellation);
    }

    public Task<T> TransactAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) =>
        LeftOut.Commit ? AnswerEarlyAsync(work, cancellation) : inner.TransactAsync(tx => work(new UnguardedTransaction(tx, Later)), cancellation);

    public Task<T> RelieveAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) =>
        inner.RelieveAsync(tx => work(new UnguardedTransaction(tx, Later)), cancellation);

    public Task<StorageFailedException> Stopped => inner.Stopped;

    public Task<T> ReadAsync<T>(Func<IQuery, ValueTask<T>> work, CancellationToken cancellation) =>
        inner.ReadAsync(query => work(new UnguardedQuery(query)), cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    // The caller has its answer while the commit is still to come.
    private async Task<T> AnswerEarlyAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation)
    {
        var early = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var kept = inner.TransactAsync(tx =>
        {
            var running = work(new UnguardedTransaction(tx, Later));
            if (running.IsCompletedSuccessfully)
            {
                early.TrySetResult(running.GetAwaiter().GetResult());
                using var never = new ManualResetEventSlim();
                never.Wait(LateCommit, CancellationToken.None);
            }

            return running;
        }, cancellation);
        return await (await Task.WhenAny(early.Task, kept));
    }

    // Not in the transaction that caused it, and whether that is kept or not.
    private void Later(Func<ITransaction, ValueTask> insert) => _ = Task.Run(async () =>
    {
        await Task.Delay(LateOutbox);
        await inner.TransactAsync(async tx =>
        {
            await insert(tx);
            return true;
        }, CancellationToken.None);
    });
}
