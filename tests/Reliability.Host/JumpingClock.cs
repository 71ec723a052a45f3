using System.Diagnostics;

namespace Pipeline.Reliability.Host;

/// <summary>A wall clock that jumps when told to; the time that really passes stays true.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private const int StrobesPerSecond = 25;

    private long _offsetMs;
    private long _strobeMs;

    /// <summary>How far the wall clock is off.</summary>
    public long OffsetMs
    {
        get => Interlocked.Read(ref _offsetMs);
        set => Interlocked.Exchange(ref _offsetMs, value);
    }

    /// <summary>How far it jumps ahead and back, many times a second; 0 when it does not.</summary>
    public long StrobeMs
    {
        get => Interlocked.Read(ref _strobeMs);
        set => Interlocked.Exchange(ref _strobeMs, value);
    }

    public override DateTimeOffset GetUtcNow()
    {
        var ahead = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / StrobesPerSecond) % 2 == 0;
        return base.GetUtcNow().AddMilliseconds(OffsetMs + (ahead ? StrobeMs : -StrobeMs));
    }
}
