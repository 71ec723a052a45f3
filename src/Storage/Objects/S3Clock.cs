namespace Pipeline.Storage.Objects;

/// <summary>
/// The store's time: taken from its first answer and carried on by a clock that no one sets, so that ages are measured by one clock on every
/// node. If the machine sleeps, objects look younger than they are, which only lets them stay longer.
/// </summary>
internal sealed class S3Clock(TimeProvider time)
{
    private Anchor? _anchor;

    public DateTimeOffset Now => _anchor is { } anchor ? anchor.At + time.GetElapsedTime(anchor.Timestamp) : time.GetUtcNow();

    /// <summary>Heard from the store what time it is.</summary>
    public void Hear(DateTimeOffset at)
    {
        if (_anchor is null)
        {
            Interlocked.CompareExchange(ref _anchor, new Anchor(at, time.GetTimestamp()), null);
        }
    }

    public TimeSpan AgeOf(DateTime? modified) => modified is { } at ? Now - new DateTimeOffset(at.ToUniversalTime()) : TimeSpan.Zero;

    private sealed record Anchor(DateTimeOffset At, long Timestamp);
}
