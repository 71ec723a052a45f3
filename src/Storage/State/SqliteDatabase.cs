using Dapper;
using Microsoft.Data.Sqlite;

namespace Pipeline.Storage.State;

/// <summary>
/// SQLite in write-ahead mode with synchronous=FULL: one thread writes (<see cref="SqliteWriter"/>), a few connections read
/// (<see cref="SqliteReaders"/>).
/// </summary>
/// <remarks>
/// SQLite before 3.51.3 can corrupt a write-ahead log when one connection checkpoints while another commits (sqlite.org/wal.html,
/// "the WAL-reset bug"); a single writing connection in a single owning process is the guard, and <see cref="DataFolder"/> holds the lock.
/// </remarks>
public sealed class SqliteDatabase : IDatabase
{
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly ClockTable _clock;

    static SqliteDatabase()
    {
        SQLitePCL.Batteries_V2.Init();
        DefaultTypeMap.MatchNamesWithUnderscores = true;
    }

    private SqliteDatabase(string file, PreparingConnection writer, DiskReserve reserve, TimeProvider time)
    {
        var clock = new StoreClock(time);
        Version = writer.ServerVersion;
        _clock = new ClockTable(clock);
        _readers = new SqliteReaders(() => ConnectReader(file), clock);
        _writer = new SqliteWriter(writer, reserve, _readers, clock, _clock, Signals);
    }

    public Dialect Dialect { get; } = Dialect.Sqlite;

    public Signals Signals { get; } = new();

    /// <summary>The engine's version, such as 3.35.5.</summary>
    public string Version { get; }

    /// <inheritdoc/>
    public Task<StorageFailedException> Stopped => _writer.Stopped;

    /// <summary>How many commits there have been since the store was opened; concurrent callers share one.</summary>
    public long Commits => _writer.Commits;

    /// <summary>Opens or creates the database at <paramref name="file"/>. The caller already holds the data folder's lock.</summary>
    /// <exception cref="StorageFailedException">The file cannot be read or written, or is not a database.</exception>
    public static SqliteDatabase Open(string file, TimeProvider time)
    {
        var reserve = new DiskReserve(file + "-reserve", time);
        try
        {
            return new SqliteDatabase(file, ConnectWriter(file), reserve, time);
        }
        catch (SqliteException failure)
        {
            // Even to open it needs a little room: SQLite makes files beside it.
            if (!reserve.DiskIsFull() || !reserve.Give())
            {
                throw reserve.Explain(failure);
            }
        }

        try
        {
            return new SqliteDatabase(file, ConnectWriter(file), reserve, time);
        }
        catch (SqliteException failure)
        {
            throw reserve.Explain(failure);
        }
    }

    public async Task MigrateAsync(IReadOnlyList<Table> tables, CancellationToken cancellation)
    {
        await RelieveAsync(async tx =>
        {
            await Migrations.RunAsync(tx, Dialect, tables).ConfigureAwait(false);
            foreach (var name in tables.SelectMany(table => table.EmptiedAtOpening))
            {
                await tx.ExecuteAsync($"delete from {name}").ConfigureAwait(false);
            }

            await _clock.ResumeAsync(tx, tables).ConfigureAwait(false);
            return true;
        }, cancellation).ConfigureAwait(false);
        _clock.Begin();
    }

    public Task<T> TransactAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => TransactAsync(work, frees: false, cancellation);

    public Task<T> RelieveAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation) => TransactAsync(work, frees: true, cancellation);

    private async Task<T> TransactAsync<T>(Func<ITransaction, ValueTask<T>> work, bool frees, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var item = new QueuedWork<T>(work) { Frees = frees };
        ObjectDisposedException.ThrowIf(!_writer.TryQueue(item), this);
        await using var _ = cancellation.UnsafeRegister(static (state, token) => ((QueuedWork)state!).Cancel(token), item).ConfigureAwait(false);
        return await item.Done.ConfigureAwait(false);
    }

    public Task<T> ReadAsync<T>(Func<IQuery, ValueTask<T>> work, CancellationToken cancellation) => _readers.ReadAsync(work, cancellation);

    /// <summary>Runs what is queued, lets running reads end, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    internal static PreparingConnection ConnectReader(string file) => Connect(file, SqliteOpenMode.ReadOnly, "pragma temp_store=memory;");

    private static PreparingConnection ConnectWriter(string file)
    {
        var writer = Connect(file, SqliteOpenMode.ReadWriteCreate, "pragma synchronous=full; pragma foreign_keys=on; pragma temp_store=memory; pragma cache_size=-16384; pragma wal_autocheckpoint=0;");
        try
        {
            return writer.ExecuteScalar<string>("pragma journal_mode=wal") is not "wal" and var mode
                ? throw new StorageFailedException($"The folder's file system cannot hold a write-ahead log (journal mode '{mode}'); use a local disk.", null, full: false)
                : writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private static PreparingConnection Connect(string file, SqliteOpenMode mode, string settings)
    {
        var connection = new PreparingConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute(settings);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
