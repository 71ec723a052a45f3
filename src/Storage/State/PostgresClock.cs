namespace Pipeline.Storage.State;

/// <summary>The database's clock as this node has seen it: should the server's be set back, time stands still here until it catches up.</summary>
internal sealed class PostgresClock
{
    private long _reached;

    /// <summary>Takes up what the database said, and gives what counts.</summary>
    public long Reach(long nowMs)
    {
        var before = Interlocked.Read(ref _reached);
        while (before < nowMs)
        {
            var seen = Interlocked.CompareExchange(ref _reached, nowMs, before);
            if (seen == before)
            {
                return nowMs;
            }

            before = seen;
        }

        return before;
    }
}
