using System.Collections.Concurrent;
using System.Diagnostics;

namespace Pipeline.Storage.State;

/// <summary>A bounded set of connections that read, each read one snapshot of the primary. A read that lost its connection is made again.</summary>
internal sealed class PostgresReaders(PostgresOptions options, PostgresClock clock, Func<PostgresConnection> connect) : IAsyncDisposable
{
    private const string Begin = "begin isolation level repeatable read read only; select pipeline_now_ms()";

    private readonly ConcurrentBag<PostgresConnection> _idle = [];
    private readonly SemaphoreSlim _slots = new(options.Readers);
    private int _waiting;
    private volatile bool _closed;

    public async Task<T> ReadAsync<T>(Func<IQuery, ValueTask<T>> work, CancellationToken cancellation)
    {
        await EnterAsync(cancellation).ConfigureAwait(false);
        try
        {
            var since = Stopwatch.GetTimestamp();
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    return await ReadOnceAsync(work, cancellation).ConfigureAwait(false);
                }
                catch (Exception failure) when (PostgresFailure.IsPassing(failure))
                {
                    Forget();
                    if (Stopwatch.GetElapsedTime(since) > options.RetryFor)
                    {
                        throw PostgresFailure.GaveUp(failure);
                    }
                }

                await Task.Delay(20 << Math.Min(attempt, 5), cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var taken = 0; taken < options.Readers; taken++)
        {
            await _slots.WaitAsync().ConfigureAwait(false);
        }

        _slots.Release(options.Readers); // whoever still waits for a slot is told that the store is closed
        Forget();
    }

    private async Task EnterAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(PostgresDatabase));
        try
        {
            if (Interlocked.Increment(ref _waiting) > options.MostQueued || !await _slots.WaitAsync(options.RetryFor, cancellation).ConfigureAwait(false))
            {
                throw PostgresFailure.Crowded();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        if (_closed)
        {
            _slots.Release();
            throw new ObjectDisposedException(nameof(PostgresDatabase));
        }
    }

    private async Task<T> ReadOnceAsync<T>(Func<IQuery, ValueTask<T>> work, CancellationToken cancellation)
    {
        var connection = _idle.TryTake(out var idle) ? idle : await PostgresConnection.OpenAsync(connect, cancellation).ConfigureAwait(false);
        var whole = false;
        try
        {
            var opening = new PostgresQuery(connection, 0, cancellation);
            var query = new PostgresQuery(connection, clock.Reach(await opening.FirstAsync<long>(Begin).ConfigureAwait(false)), cancellation);
            T answer;
            try
            {
                answer = await work(query).ConfigureAwait(false);
            }
            finally
            {
                query.End();
            }

            await opening.QueryAsync<long>("commit").ConfigureAwait(false);
            whole = true;
            return answer;
        }
        finally
        {
            if (whole)
            {
                _idle.Add(connection);
            }
            else
            {
                await ReturnAsync(connection).ConfigureAwait(false);
            }
        }
    }

    // A delegate that threw left its snapshot open; a session that cannot end it is of no use.
    private async Task ReturnAsync(PostgresConnection connection)
    {
        try
        {
            await new PostgresQuery(connection, 0, CancellationToken.None).QueryAsync<long>("rollback").ConfigureAwait(false);
            _idle.Add(connection);
        }
        catch (Exception failure) when (failure is Npgsql.NpgsqlException or InvalidOperationException)
        {
            connection.Dispose();
        }
    }

    private void Forget()
    {
        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }
}
