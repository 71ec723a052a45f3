using System.Collections.Concurrent;
using System.Threading.Channels;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Pipeline.Storage.State;

/// <summary>
/// SQLite in write-ahead mode with synchronous=FULL. One thread owns the one connection that writes and checkpoints, and commits whatever
/// callers have queued as one transaction with a savepoint each, so that many callers share an fsync. Readers have connections of their own.
/// </summary>
/// <remarks>
/// SQLite before 3.51.3 can corrupt a write-ahead log when one connection checkpoints while another commits (sqlite.org/wal.html,
/// "the WAL-reset bug"); a single writing connection in a single owning process is the guard, and <see cref="DataFolder"/> holds the lock.
/// </remarks>
public sealed class SqliteDatabase : IDatabase
{
    private const int MaxBatch = 256;

    private readonly string _file;
    private readonly TimeProvider _time;
    private readonly Channel<SqliteWork> _queue = Channel.CreateUnbounded<SqliteWork>(new() { SingleReader = true });
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly SqliteConnection _writer;
    private readonly Task _loop;

    static SqliteDatabase()
    {
        SQLitePCL.Batteries_V2.Init();
        DefaultTypeMap.MatchNamesWithUnderscores = true;
    }

    private SqliteDatabase(string file, SqliteConnection writer, TimeProvider time)
    {
        (_file, _writer, _time) = (file, writer, time);
        _loop = Task.Factory.StartNew(WriteLoop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public Dialect Dialect { get; } = new("sqlite", "integer primary key autoincrement", "");

    public Signals Signals { get; } = new();

    /// <summary>The engine's version, such as 3.35.5.</summary>
    public string Version => _writer.ServerVersion;

    /// <summary>Opens or creates the database at <paramref name="file"/>. The caller already holds the data folder's lock.</summary>
    public static SqliteDatabase Open(string file, TimeProvider time)
    {
        var writer = Connect(file, SqliteOpenMode.ReadWriteCreate);
        writer.Execute("pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on; pragma temp_store=memory; pragma cache_size=-16384;");
        return new SqliteDatabase(file, writer, time);
    }

    public async Task MigrateAsync(IReadOnlyList<Table> tables, CancellationToken cancellation)
    {
        await TransactAsync(async tx =>
        {
            await tx.ExecuteAsync("create table if not exists migrations (name text primary key, applied bigint not null)").ConfigureAwait(false);
            foreach (var table in tables)
            {
                var applied = await tx.FirstAsync<long>("select applied from migrations where name=@Name", new { table.Name }).ConfigureAwait(false);
                foreach (var migration in table.Migrations.Skip((int)applied))
                {
                    await tx.ExecuteAsync(Dialect.Render(migration)).ConfigureAwait(false);
                }

                if (applied != table.Migrations.Count)
                {
                    await tx.ExecuteAsync(
                        "insert into migrations(name, applied) values(@Name, @Count) on conflict(name) do update set applied=excluded.applied",
                        new { table.Name, table.Migrations.Count }).ConfigureAwait(false);
                }
            }

            return true;
        }, cancellation).ConfigureAwait(false);
    }

    public async Task<T> TransactAsync<T>(Func<ITransaction, ValueTask<T>> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var item = new SqliteWork<T>(work);
        ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite(item), this);

        return await item.Done.ConfigureAwait(false);
    }

    public async Task<T> ReadAsync<T>(Func<IQuery, ValueTask<T>> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_readers.TryTake(out var connection))
        {
            connection = Connect(_file, SqliteOpenMode.ReadOnly);
        }

        try
        {
            using var snapshot = connection.BeginTransaction(deferred: true);
            return await work(new SqliteSession(connection, _time)).ConfigureAwait(false);
        }
        finally
        {
            _readers.Add(connection);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        while (_readers.TryTake(out var reader))
        {
            await reader.DisposeAsync().ConfigureAwait(false);
        }

        await _writer.DisposeAsync().ConfigureAwait(false);
        SqliteConnection.ClearAllPools();
    }

    private static SqliteConnection Connect(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private void WriteLoop()
    {
        var batch = new List<SqliteWork>(MaxBatch);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var item))
            {
                batch.Add(item);
            }

            Commit(batch);
            batch.Clear();
        }
    }

    private void Commit(List<SqliteWork> batch)
    {
        var session = new SqliteSession(_writer, _time);
        try
        {
            _writer.Execute("begin immediate");
            foreach (var item in batch)
            {
                RunInSavepoint(session, item);
            }

            _writer.Execute("commit");
        }
        catch (SqliteException failure)
        {
            Abandon(batch, failure);
            return;
        }

        foreach (var item in batch)
        {
            item.Channels.ForEach(Signals.Raise);
            item.Release();
        }
    }

    private void RunInSavepoint(SqliteSession session, SqliteWork item)
    {
        _writer.Execute("savepoint work");
        session.Channels = item.Channels;
        if (item.Run(session))
        {
            _writer.Execute("release work");
        }
        else
        {
            item.Channels.Clear();
            _writer.Execute("rollback to work; release work");
        }
    }

    // A commit that failed has an unknown fate on disk: SQLite rolls the pages back, and every caller is told so.
    private void Abandon(List<SqliteWork> batch, SqliteException failure)
    {
        try
        {
            _writer.Execute("rollback");
        }
        catch (SqliteException)
        {
            // SQLite had already rolled back by itself.
        }

        foreach (var item in batch)
        {
            item.Fail(new StorageFailedException(failure));
        }
    }
}
