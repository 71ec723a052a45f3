namespace Pipeline.Storage.State;

/// <summary>
/// The store's clock: wall time when it is opened, and from then on the time that has really passed. Whoever sets the machine's clock moves no
/// lease, and time never steps back, neither while the store is open nor, through <see cref="Resume"/>, from one opening to the next.
/// </summary>
public sealed class StoreClock(TimeProvider time)
{
    private readonly long _opened = time.GetTimestamp();
    private long _openedMs = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Milliseconds since the Unix epoch.</summary>
    public long NowMs() => Interlocked.Read(ref _openedMs) + (long)time.GetElapsedTime(_opened).TotalMilliseconds;

    /// <summary>
    /// Goes on from the last time that the store remembers. Call it before anything else asks for the time.
    /// </summary>
    /// <returns>The milliseconds for which the store was closed; 0 when the machine's clock has been set back meanwhile.</returns>
    public long Resume(long lastMs)
    {
        var closedMs = NowMs() - lastMs;
        if (closedMs >= 0)
        {
            return closedMs;
        }

        Interlocked.Add(ref _openedMs, -closedMs);
        return 0;
    }
}
