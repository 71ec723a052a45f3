using System.Security.Cryptography;
using Dapper;

namespace Pipeline.Storage.State;

/// <summary>
/// PostgreSQL, shared by any number of nodes. Works of one scope are serial across all nodes through advisory locks, and those that wait together
/// on one node share a transaction and its commit (<see cref="PostgresLanes"/>, <see cref="PostgresWriter"/>); scopes run side by side.
/// </summary>
/// <remarks>Rests and retries are in real time, whatever the clock of the house: leases are the database's business.</remarks>
public sealed class PostgresDatabase : IDatabase
{
    private readonly PostgresOptions _options;
    private readonly string _connectionString;
    private readonly PostgresClock _clock = new();
    private readonly PostgresLanes _lanes;
    private readonly PostgresReaders _readers;
    private readonly PostgresNotices _notices;
    private readonly PostgresWriter[] _writers;
    private PostgresPresence? _presence;

    static PostgresDatabase() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    private PostgresDatabase(PostgresOptions options, string connectionString)
    {
        (_options, _connectionString) = (options, connectionString);
        _lanes = new(options.MostQueued);
        _readers = new(options, _clock, Connect);
        _notices = new(Connect, Node);
        _writers = [.. Enumerable.Range(0, options.Writers).Select(_ => new PostgresWriter(_lanes, _clock, options, Connect, Wake))];
    }

    public Dialect Dialect => Dialect.Postgres;

    public Signals Signals { get; } = new();

    /// <inheritdoc/>
    public string Node { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>Makes ready to use the database; the first statement connects.</summary>
    /// <exception cref="InvalidDataException">The connection string is none; the message tells nothing of it.</exception>
    public static PostgresDatabase Open(PostgresOptions options) => new(options, PostgresConnectionString.Complete(options.ConnectionString));

    public async Task MigrateAsync(IReadOnlyList<Table> tables, CancellationToken cancellation)
    {
        await PostgresMigrations.RunAsync(_connectionString, _options, tables, cancellation).ConfigureAwait(false);
        _presence ??= new(Connect, Node, Signals);
        await _presence.Listening.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public Task<T> TransactAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => QueueAsync(null, work, frees: false, cancellation);

    public Task<T> RelieveAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => QueueAsync(null, work, frees: true, cancellation);

    /// <inheritdoc/>
    public Task<T> TransactAsync<T>(string scope, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => QueueAsync(scope, work, frees: false, cancellation);

    /// <inheritdoc/>
    public Task<T> RelieveAsync<T>(string scope, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => QueueAsync(scope, work, frees: true, cancellation);

    public Task<T> ReadAsync<T>(Func<IQuery, ValueTask<T>> work, CancellationToken cancellation) => _readers.ReadAsync(work, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> GoneAsync(IReadOnlyCollection<string> nodes, CancellationToken cancellation) => ReadAsync(async query =>
    {
        var (schema, history) = await query.FirstAsync<(string, string)>(PostgresPlace.Sql).ConfigureAwait(false);
        var place = new PostgresPlace(schema, history);
        var held = await query.QueryAsync<long>("""
            select (classid::bigint << 32) | objid::bigint from pg_locks
            where locktype='advisory' and objsubid=1 and granted and database=(select oid from pg_database where datname=current_database())
            """).ConfigureAwait(false);
        var living = held.ToHashSet();
        return (IReadOnlyList<string>)[.. nodes.Where(node => node.Length > 0 && !living.Contains(place.Node(node)))];
    }, cancellation);

    /// <summary>Runs what is queued, lets running reads end, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync().ConfigureAwait(false);
        _lanes.Close();
        foreach (var writer in _writers)
        {
            await writer.DisposeAsync().ConfigureAwait(false);
        }

        await _notices.DisposeAsync().ConfigureAwait(false);
        if (_presence is not null)
        {
            await _presence.DisposeAsync().ConfigureAwait(false);
        }

        _lanes.Dispose();
    }

    private async Task<T> QueueAsync<T>(string? scope, Func<ITransaction, ValueTask<T>> work, bool frees, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var item = new QueuedWork<T>(work) { Frees = frees };
        _lanes.Add(scope is "" ? null : scope, item);
        await using var _ = cancellation.UnsafeRegister(static (state, token) => ((QueuedWork)state!).Cancel(token), item).ConfigureAwait(false);
        return await item.Done.ConfigureAwait(false);
    }

    private void Wake(IReadOnlyList<string> channels)
    {
        foreach (var channel in channels)
        {
            Signals.Raise(channel);
        }

        if (channels.Count > 0)
        {
            _notices.Add(channels);
        }
    }

    private PostgresConnection Connect() => PostgresConnection.Open(_connectionString);
}
