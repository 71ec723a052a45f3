using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Pipeline.Storage.State;

namespace Pipeline.Bench.Loads;

/// <summary>
/// Another store, which notes when each step was made claimable: when the work that wrote it so had written all it would, just before its commit. What is
/// measured from there has the commit in it.
/// </summary>
internal sealed class FreedSteps(IDatabase inner) : IDatabase
{
    private readonly ConcurrentDictionary<(string Run, string Step), long> _freed = [];

    public Dialect Dialect => inner.Dialect;

    public Signals Signals => inner.Signals;

    public string Node => inner.Node;

    /// <summary>Milliseconds since a step became claimable; null for one that never did. It is forgotten.</summary>
    public double? SinceMs(string run, string step) => _freed.TryRemove((run, step), out var at) ? Stopwatch.GetElapsedTime(at).TotalMilliseconds : null;

    public Task<IReadOnlyList<string>> GoneAsync(IReadOnlyCollection<string> nodes, CancellationToken cancellation) => inner.GoneAsync(nodes, cancellation);

    public Task MigrateAsync(IReadOnlyList<Table> tables, CancellationToken cancellation) => inner.MigrateAsync(tables, cancellation);

    public Task<T> TransactAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => inner.TransactAsync(Watched(work), cancellation);

    public Task<T> RelieveAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => inner.RelieveAsync(Watched(work), cancellation);

    public Task<T> TransactAsync<T>(string scope, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => inner.TransactAsync(scope, Watched(work), cancellation);

    public Task<T> RelieveAsync<T>(string scope, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => inner.RelieveAsync(scope, Watched(work), cancellation);

    public Task<T> ReadAsync<T>(Func<IQuery, ValueTask<T>> work, CancellationToken cancellation) => inner.ReadAsync(work, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private Func<ITransaction, ValueTask<T>> Watched<T>(Func<ITransaction, ValueTask<T>> work) => async tx =>
    {
        var watch = new Watch(tx);
        var result = await work(watch);
        foreach (var step in watch.Freed)
        {
            _freed[step] = Stopwatch.GetTimestamp();
        }

        return result;
    };

    private sealed class Watch(ITransaction inner) : ITransaction
    {
        private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Members = [];

        public List<(string Run, string Step)> Freed { get; } = [];

        public long NowMs => inner.NowMs;

        public ValueTask<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) => inner.QueryAsync<T>(sql, parameters);

        public ValueTask<T?> FirstAsync<T>(string sql, object? parameters = null) => inner.FirstAsync<T>(sql, parameters);

        public ValueTask<int> ExecuteAsync(string sql, object? parameters = null)
        {
            if (parameters is not null && sql.StartsWith("insert into steps(", StringComparison.Ordinal))
            {
                var members = Members.GetOrAdd(parameters.GetType(), static row => [row.GetProperty("State")!, row.GetProperty("RunId")!, row.GetProperty("StepId")!]);
                if (members[0].GetValue(parameters) is "ready")
                {
                    Freed.Add(((string)members[1].GetValue(parameters)!, (string)members[2].GetValue(parameters)!));
                }
            }

            return inner.ExecuteAsync(sql, parameters);
        }

        public void Notify(string channel) => inner.Notify(channel);
    }
}
