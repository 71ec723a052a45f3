namespace Pipeline.Index.Vectors;

/// <summary>Keeps the <paramref name="capacity"/> highest of what it is offered; of equal scores the lower ids.</summary>
internal sealed class TopK(int capacity)
{
    private readonly PriorityQueue<long, (float Score, long Before)> _kept = new(capacity + 1);

    /// <summary>A score that is not above this one cannot enter, except on a tie.</summary>
    public float Floor { get; private set; } = float.NegativeInfinity;

    public void Offer(long id, float score)
    {
        if (_kept.Count < capacity)
        {
            _kept.Enqueue(id, (score, -id));
        }
        else
        {
            _kept.EnqueueDequeue(id, (score, -id));
        }

        if (_kept.Count == capacity && _kept.TryPeek(out _, out var lowest))
        {
            Floor = lowest.Score;
        }
    }

    /// <summary>What was kept, highest first.</summary>
    public IReadOnlyList<(long Id, float Score)> Drain()
    {
        var drained = new (long, float)[_kept.Count];
        for (var place = drained.Length - 1; place >= 0; place--)
        {
            _kept.TryDequeue(out var id, out var priority);
            drained[place] = (id, priority.Score);
        }

        return drained;
    }
}
