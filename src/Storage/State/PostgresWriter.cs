using System.Diagnostics;
using System.Security.Cryptography;

namespace Pipeline.Storage.State;

/// <summary>
/// A thread with a connection of its own that writes lane after lane. What is safe to repeat it repeats on a new connection; what is not, it finds
/// out or reports.
/// </summary>
internal sealed class PostgresWriter : IAsyncDisposable
{
    // PostgreSQL keeps up to 64 savepoints of a transaction where others find them quickly.
    private const int MaxBatch = 60;

    private readonly PostgresLanes _lanes;
    private readonly PostgresClock _clock;
    private readonly PostgresOptions _options;
    private readonly Func<PostgresConnection> _connect;
    private readonly Action<IReadOnlyList<string>> _wake;
    private readonly Task _loop;
    private readonly ManualResetEventSlim _never = new();
    private PostgresConnection? _connection;

    public PostgresWriter(PostgresLanes lanes, PostgresClock clock, PostgresOptions options, Func<PostgresConnection> connect, Action<IReadOnlyList<string>> wake)
    {
        (_lanes, _clock, _options, _connect, _wake) = (lanes, clock, options, connect, wake);
        _loop = Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Ends once the lanes are closed and empty.</summary>
    public async ValueTask DisposeAsync()
    {
        await _loop.ConfigureAwait(false);
        _connection?.Dispose();
        _never.Dispose();
    }

    private void Loop()
    {
        var batch = new List<QueuedWork>(MaxBatch);
        while (_lanes.Next() is { } lane)
        {
            _lanes.Fill(batch, lane, MaxBatch);
            Activity.Current = batch.FirstOrDefault()?.Caller; // what all share, such as the commit, stands in the trace of the first
            Serve(batch, lane, MaxBatch);
            Activity.Current = null;
            batch.Clear();
            _lanes.Return(lane);
        }
    }

    // Until every work of the batch has its answer.
    private void Serve(List<QueuedWork> batch, PostgresLane lane, int size)
    {
        for (var attempt = 0; batch.Count > 0; attempt++)
        {
            try
            {
                if (TryCommit(batch, lane, size))
                {
                    Answer(batch);
                }
                else
                {
                    batch.ForEach(work => Serve([work], lane, size: 1));
                }

                return;
            }
            catch (Exception failure)
            {
                Abandon(failure);
                var passing = PostgresFailure.IsPassing(failure);
                Refuse(batch, passing ? PostgresFailure.GaveUp(failure) : PostgresFailure.OfMedium(failure) ?? failure, work => !passing || work.Waited > _options.RetryFor);
            }

            if (batch.Count > 0)
            {
                Rest(attempt);
            }
        }
    }

    // False when one of the works must be alone to fail.
    private bool TryCommit(List<QueuedWork> batch, PostgresLane lane, int size)
    {
        var transaction = PostgresTransaction.Begin(_connection ??= _connect(), lane.Scope, _clock);
        _lanes.Fill(batch, lane, size); // those who came while it waited for the scope
        var shared = batch.Count > 1;
        foreach (var work in batch)
        {
            if (!transaction.TryRun(work, shared))
            {
                transaction.Rollback();
                return !shared;
            }
        }

        try
        {
            transaction.Commit();
        }
        catch (Exception failure) when (PostgresFailure.IsLoss(failure))
        {
            Drop();
            if (!PostgresOutcome.WasKept(transaction, _connect, _options.RetryFor, Rest, failure))
            {
                throw;
            }
        }

        return true;
    }

    private void Answer(List<QueuedWork> batch)
    {
        foreach (var work in batch)
        {
            _wake(work.Channels);
            work.Release();
        }
    }

    // What was begun must not stay open: a session that cannot even roll back is of no use.
    private void Abandon(Exception failure)
    {
        if (_connection is null || PostgresFailure.IsLoss(failure))
        {
            Drop();
            return;
        }

        try
        {
            _connection.Execute("rollback");
        }
        catch (Exception)
        {
            // Whatever it is: a writer that ended here would leave its lane to nobody.
            Drop();
        }
    }

    private static void Refuse(List<QueuedWork> batch, Exception told, Predicate<QueuedWork> whom)
    {
        batch.FindAll(whom).ForEach(work => work.Fail(told));
        batch.RemoveAll(whom);
    }

    private void Drop()
    {
        _connection?.Dispose();
        _connection = null;
    }

    // Longer each time, and not the same for those who got in each other's way.
    private void Rest(int attempt) => _never.Wait(RandomNumberGenerator.GetInt32(1, 20 << Math.Min(attempt, 5)), CancellationToken.None);
}
