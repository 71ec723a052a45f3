using System.Collections.Concurrent;

namespace Pipeline.Storage.State;

/// <summary>The works of one scope, in the order in which they came.</summary>
internal sealed class PostgresLane(string? scope)
{
    /// <summary>What they are serialised on; null for all there is.</summary>
    public string? Scope => scope;

    public Queue<QueuedWork> Works { get; } = [];
}

/// <summary>Works that wait, a lane for each scope. A lane is served by one writer at a time, and many lanes side by side.</summary>
internal sealed class PostgresLanes(int most) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PostgresLane> _lanes = new(StringComparer.Ordinal);
    private readonly BlockingCollection<PostgresLane> _ready = [];
    private int _queued;
    private bool _closed;

    /// <summary>Queues work.</summary>
    /// <exception cref="StorageFailedException">Too many wait already.</exception>
    public void Add(string? scope, QueuedWork work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(PostgresDatabase));
            if (_queued >= most)
            {
                throw PostgresFailure.Crowded();
            }

            _queued++;
            if (!_lanes.TryGetValue(scope ?? "", out var lane))
            {
                _lanes[scope ?? ""] = lane = new(scope);
                _ready.Add(lane);
            }

            lane.Works.Enqueue(work);
        }
    }

    /// <summary>The next lane with work in it, once there is one; null once closed and empty.</summary>
    public PostgresLane? Next() => _ready.TryTake(out var lane, Timeout.Infinite) ? lane : null;

    /// <summary>Moves what waits in <paramref name="lane"/> into <paramref name="batch"/>, up to its size; works that were given up are left out.</summary>
    public void Fill(List<QueuedWork> batch, PostgresLane lane, int size)
    {
        lock (_gate)
        {
            while (batch.Count < size && lane.Works.TryDequeue(out var work))
            {
                _queued--;
                if (work.TryStart())
                {
                    batch.Add(work);
                }
            }
        }
    }

    /// <summary>Gives a lane back: behind the others when more waits in it.</summary>
    public void Return(PostgresLane lane)
    {
        lock (_gate)
        {
            if (lane.Works.Count > 0)
            {
                _ready.Add(lane);
                return;
            }

            _lanes.Remove(lane.Scope ?? "");
            EndWhenEmpty();
        }
    }

    /// <summary>Takes no more; what waits is still served.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            EndWhenEmpty();
        }
    }

    public void Dispose() => _ready.Dispose();

    private void EndWhenEmpty()
    {
        if (_closed && _lanes.Count == 0)
        {
            _ready.CompleteAdding();
        }
    }
}
