namespace Pipeline.Tools.Tests.Serving;

/// <summary>Time that stands still until a test moves it; due timers fire as it passes them. The wall can be set without time passing.</summary>
public sealed class HandClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<HandTimer> _timers = [];
    private TimeSpan _passed;
    private TimeSpan _wallOffset;

    /// <summary>Raised when time has passed, before anything that was due runs.</summary>
    public event Action? Moved;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _passed.Ticks;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return DateTimeOffset.FromUnixTimeSeconds(1_900_000_000) + _passed + _wallOffset;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan by)
    {
        List<HandTimer> due;
        lock (_gate)
        {
            _passed += by;
            due = [.. _timers.Where(timer => timer.DueAt <= _passed)];
            _timers.RemoveAll(due.Contains);
        }

        Moved?.Invoke();
        due.ForEach(timer => timer.Fire());
    }

    /// <summary>Sets the machine's clock forward or back.</summary>
    public void SetWall(TimeSpan by)
    {
        lock (_gate)
        {
            _wallOffset += by;
        }
    }

    private sealed class HandTimer(HandClock clock, Action fire) : ITimer
    {
        public TimeSpan DueAt { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    DueAt = clock._passed + dueTime;
                    clock._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
