using Pipeline.Storage.State;

namespace Pipeline.Bench.Loads;

/// <summary>Another store, whose reads it notes while it is asked to, so that single statements can be run again by themselves.</summary>
internal sealed class RecordingDatabase(IDatabase inner) : IDatabase
{
    /// <summary>Where statements are noted; null: nowhere.</summary>
    public List<RecordedStatement>? Recording { get; set; }

    public Dialect Dialect => inner.Dialect;

    public Signals Signals => inner.Signals;

    public Task MigrateAsync(IReadOnlyList<Table> tables, CancellationToken cancellation) => inner.MigrateAsync(tables, cancellation);

    public Task<T> TransactAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => inner.TransactAsync(work, cancellation);

    public Task<T> TransactAsync<T>(string scope, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => inner.TransactAsync(scope, work, cancellation);

    public Task<T> ReadAsync<T>(Func<IQuery, ValueTask<T>> work, CancellationToken cancellation) => Recording is { } recording
        ? inner.ReadAsync(rows => work(new Recorder(rows, recording)), cancellation)
        : inner.ReadAsync(work, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Recorder(IQuery inner, List<RecordedStatement> recording) : IQuery
    {
        public long NowMs => inner.NowMs;

        public async ValueTask<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
        {
            var rows = await inner.QueryAsync<T>(sql, parameters);
            recording.Add(new(sql, [.. rows.Select(static row => (object?)row)], async again => await again.QueryAsync<T>(sql, parameters)));
            return rows;
        }

        public ValueTask<T?> FirstAsync<T>(string sql, object? parameters = null) => inner.FirstAsync<T>(sql, parameters);
    }
}
