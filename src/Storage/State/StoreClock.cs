namespace Pipeline.Storage.State;

/// <summary>The store's clock. It never steps back while the store is open, so that what has expired stays expired.</summary>
internal sealed class StoreClock(TimeProvider time)
{
    private long _latest;

    /// <summary>Milliseconds since the Unix epoch.</summary>
    public long NowMs()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        for (var latest = Interlocked.Read(ref _latest); latest < now;)
        {
            var seen = Interlocked.CompareExchange(ref _latest, now, latest);
            if (seen == latest) return now;
            latest = seen;
        }

        return Interlocked.Read(ref _latest);
    }
}
