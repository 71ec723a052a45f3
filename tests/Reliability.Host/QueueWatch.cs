using System.Text.Json;
using Pipeline.Storage.State;

namespace Pipeline.Reliability.Host;

/// <summary>
/// Watches the lock queue in the statements that pass, in the order of their transactions: who came when, who was granted when, and whom each
/// transaction that released a lock woke.
/// </summary>
internal sealed class QueueWatch(IDatabase inner) : IDatabase
{
    private readonly Lock _gate = new();
    private readonly SortedSet<long> _waiting = [];
    private readonly SortedDictionary<int, int> _wakesOfRelease = [];
    private long _grants;
    private long _inversions;

    public Dialect Dialect => inner.Dialect;

    public Signals Signals => inner.Signals;

    public Task MigrateAsync(IReadOnlyList<Table> tables, CancellationToken cancellation) => inner.MigrateAsync(tables, cancellation);

    public Task<T> TransactAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => inner.TransactAsync(async tx =>
    {
        var watched = new WatchedTransaction(tx);
        var result = await work(watched);
        Note(watched);
        return result;
    }, cancellation);

    public Task<T> ReadAsync<T>(Func<IQuery, ValueTask<T>> work, CancellationToken cancellation) => inner.ReadAsync(work, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>Writes what was seen: grants, how many of them passed an earlier waiter, and how many releases woke how many while someone waited.</summary>
    public void Write(string file)
    {
        lock (_gate)
        {
            File.WriteAllText(file, JsonSerializer.Serialize(new { grants = _grants, inversions = _inversions, wakes_of_release = _wakesOfRelease }));
        }
    }

    private void Note(WatchedTransaction tx)
    {
        lock (_gate)
        {
            // Before this transaction: who comes in it comes last.
            var waited = _waiting.Count > 0;
            if (tx.Granted)
            {
                _grants++;
                _inversions += waited && _waiting.Min < (tx.Left ?? long.MaxValue) ? 1 : 0;
            }

            if (tx.Left is { } left)
            {
                _waiting.Remove(left);
            }

            if (tx.Came is { } came)
            {
                _waiting.Add(came);
            }

            if (tx.Released && waited)
            {
                _wakesOfRelease[tx.Wakes] = _wakesOfRelease.GetValueOrDefault(tx.Wakes) + 1;
            }
        }
    }
}
