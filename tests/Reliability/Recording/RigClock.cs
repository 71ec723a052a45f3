using System.Diagnostics;

namespace Pipeline.Reliability.Recording;

/// <summary>The one clock of the rig: CLOCK_MONOTONIC, which all processes of the machine share.</summary>
public static class RigClock
{
    /// <summary>Nanoseconds; only differences mean something.</summary>
    public static long NowNs => Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency);
}
