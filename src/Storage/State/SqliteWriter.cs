using System.Threading.Channels;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Pipeline.Storage.State;

/// <summary>
/// The thread that owns the one connection that writes and checkpoints. It commits whatever callers have queued as one transaction with a
/// savepoint each, so that many callers share an fsync.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxBatch = 256;
    private const long CheckpointBytes = 4L << 20;
    private const int NoCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
    private const long CrowdedBytes = 64L << 20;

    private readonly PreparingConnection _connection;
    private readonly DiskReserve _reserve;
    private readonly SqliteReaders _readers;
    private readonly StoreClock _clock;
    private readonly ClockTable _clockTable;
    private readonly Signals _signals;
    private readonly FileInfo _log;
    private readonly Channel<QueuedWork> _queue = Channel.CreateUnbounded<QueuedWork>(new() { SingleReader = true });
    private readonly Task _loop;
    private readonly TaskCompletionSource<StorageFailedException> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StorageFailedException? _stopped;
    private long _nextCheckpointBytes = CheckpointBytes;
    private long _commits;

    public SqliteWriter(PreparingConnection connection, DiskReserve reserve, SqliteReaders readers, StoreClock clock, ClockTable clockTable, Signals signals)
    {
        (_connection, _reserve, _readers, _clock, _clockTable, _signals, _log) = (connection, reserve, readers, clock, clockTable, signals, new FileInfo(connection.DataSource + "-wal"));
        _loop = Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>How many commits there have been; many callers share one.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Ends once nothing more is written until the process is started again.</summary>
    public Task<StorageFailedException> Stopped => _ended.Task;

    /// <summary>Queues work; false once the writer is closing.</summary>
    public bool TryQueue(QueuedWork item) => _queue.Writer.TryWrite(item);

    /// <summary>Runs what is queued, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private void Loop()
    {
        var batch = new List<QueuedWork>(MaxBatch);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var item))
            {
                if (item.TryStart())
                {
                    batch.Add(item);
                }
            }

            Serve(batch);
            batch.Clear();
        }
    }

    private void Serve(List<QueuedWork> batch)
    {
        if (_stopped is not null)
        {
            Refuse(batch, _stopped);
            return;
        }

        // The room that is kept for a full disk is for those who free something, until there is enough for everyone again.
        if (_reserve.IsGiven && !_reserve.TryTakeBack())
        {
            Refuse(batch.Where(item => !item.Frees), _reserve.Full(null));
            batch.RemoveAll(item => !item.Frees);
        }

        if (TryCommit(batch) is { } told)
        {
            Refuse(batch.Where(item => !item.Frees), told);
            batch.RemoveAll(item => !item.Frees);
            var again = batch.Count > 0 && told.Full && _stopped is null && _reserve.Give();
            if ((again ? TryCommit(batch) : told) is { } final)
            {
                Refuse(batch, final);
                return;
            }
        }

        foreach (var item in batch)
        {
            item.Channels.ForEach(_signals.Raise);
            item.Release();
        }

        Checkpoint();
    }

    private static void Refuse(IEnumerable<QueuedWork> items, StorageFailedException told)
    {
        foreach (var item in items)
        {
            item.Fail(told);
        }
    }

    private StorageFailedException? TryCommit(List<QueuedWork> batch)
    {
        if (batch.Count == 0)
        {
            return null;
        }

        try
        {
            Commit(batch);
            Interlocked.Increment(ref _commits);
            return null;
        }
        catch (Exception failure)
        {
            return Abandon(failure);
        }
    }

    private void Commit(List<QueuedWork> batch)
    {
        var changes = SQLitePCL.raw.sqlite3_total_changes(_connection.Handle);
        _connection.Run("begin immediate");
        foreach (var item in batch)
        {
            _connection.Run("savepoint work");
            var session = new SqliteSession(_connection, _clock.NowMs(), item.Channels);
            var kept = item.Run(session);
            if (!session.End())
            {
                throw session.Lost!;
            }

            if (!kept)
            {
                item.Channels.Clear();
                _connection.Run("rollback to work");
            }

            _connection.Run("release work");
        }

        if (SQLitePCL.raw.sqlite3_total_changes(_connection.Handle) != changes)
        {
            _clockTable.Keep(_connection);
        }

        _connection.Run("commit");
    }

    // The savepoints share one commit and so one fate: when it fails, nothing of the batch is kept and every caller is told.
    private StorageFailedException Abandon(Exception failure)
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            try
            {
                _connection.Run("rollback");
            }
            catch (SqliteException second)
            {
                Stop(second);
            }
        }

        StopAfterFailedFlush(failure);
        return failure as StorageFailedException
            ?? (failure is SqliteException engine ? new StorageFailedException(engine) : new StorageFailedException(failure.Message, failure, full: false));
    }

    // SQLite's own automatic checkpoint swallows its errors; this one does not. A reader in the way only postpones it, unless the log has
    // grown so far that reads must pause for a moment.
    private void Checkpoint()
    {
        _log.Refresh();
        if (!_log.Exists || _log.Length < _nextCheckpointBytes || _stopped is not null)
        {
            return;
        }

        try
        {
            if (_log.Length < CrowdedBytes || !_readers.TryWithout(Truncate, TimeSpan.FromSeconds(1)))
            {
                Truncate();
            }
        }
        catch (SqliteException failure)
        {
            // The rows are safe in the log, which the next checkpoint tries again; only a failed flush says that nothing can be trusted.
            StopAfterFailedFlush(failure);
        }

        _log.Refresh();
        _nextCheckpointBytes = (_log.Exists ? _log.Length : 0) + CheckpointBytes;
    }

    private void Truncate() => _connection.Execute("pragma wal_checkpoint(truncate)");

    // After a failed fsync the system may have dropped the pages and call them clean: a retry would succeed and lie. Restarting reads what is
    // really there.
    private void StopAfterFailedFlush(Exception failure)
    {
        const int FailedFlush = SQLitePCL.raw.SQLITE_IOERR | (4 << 8);
        const int FailedFolderFlush = SQLitePCL.raw.SQLITE_IOERR | (5 << 8);
        if ((failure as SqliteException ?? failure.InnerException) is SqliteException { SqliteExtendedErrorCode: FailedFlush or FailedFolderFlush } flush)
        {
            Stop(flush);
        }
    }

    private void Stop(SqliteException failure)
    {
        _stopped ??= new StorageFailedException(
            "The disk failed to keep what was written. Nothing more is written until the server is started again; check the disk.", failure, full: false);
        // Closing would copy the log into the database; what the system read of it again may not be what was written.
        _ = SQLitePCL.raw.sqlite3_db_config(_connection.Handle, NoCheckpointOnClose, 1, out _);
        _ended.TrySetResult(_stopped);
    }
}
