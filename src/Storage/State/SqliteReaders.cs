using System.Collections.Concurrent;

namespace Pipeline.Storage.State;

/// <summary>A bounded set of connections that read. Each read is one snapshot, and ends when its delegate returns.</summary>
internal sealed class SqliteReaders(Func<PreparingConnection> connect, StoreClock clock) : IAsyncDisposable
{
    private readonly int _atMost = Math.Clamp(Environment.ProcessorCount * 2, 4, 16);
    private readonly ConcurrentBag<PreparingConnection> _idle = [];
    private readonly SemaphoreSlim _slots = new(Math.Clamp(Environment.ProcessorCount * 2, 4, 16));
    private volatile bool _closed;

    public async Task<T> ReadAsync<T>(Func<IQuery, ValueTask<T>> work, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(SqliteDatabase));
        await _slots.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteDatabase));
            return Read(work);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Lets running reads end and holds back new ones while <paramref name="work"/> runs; false when they did not end in time.</summary>
    public bool TryWithout(Action work, TimeSpan atMost)
    {
        var taken = 0;
        try
        {
            while (taken < _atMost)
            {
                if (!_slots.Wait(atMost))
                {
                    return false;
                }

                taken++;
            }

            work();
            return true;
        }
        finally
        {
            if (taken > 0)
            {
                _slots.Release(taken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var taken = 0; taken < _atMost; taken++)
        {
            await _slots.WaitAsync().ConfigureAwait(false);
        }

        _slots.Release(_atMost); // whoever still waits for a slot is told that the store is closed
        while (_idle.TryTake(out var reader))
        {
            await reader.DisposeAsync().ConfigureAwait(false);
        }
    }

    private T Read<T>(Func<IQuery, ValueTask<T>> work)
    {
        var connection = _idle.TryTake(out var idle) ? idle : connect();
        var whole = false;
        try
        {
            connection.Run("begin");
            var session = new SqliteSession(connection, clock.NowMs());
            try
            {
                return RowsOnly.Result(work(session));
            }
            finally
            {
                if (session.End())
                {
                    connection.Run("rollback");
                    whole = true;
                }
            }
        }
        finally
        {
            if (whole)
            {
                _idle.Add(connection);
            }
            else
            {
                connection.Dispose();
            }
        }
    }
}
