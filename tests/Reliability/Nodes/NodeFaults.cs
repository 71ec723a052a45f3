using Pipeline.Reliability.Faults;

namespace Pipeline.Reliability.Nodes;

/// <summary>What is done to several nodes, and how often.</summary>
internal static class NodeFaults
{
    /// <summary>Up to here a run is short, and everything comes often enough to be seen in it.</summary>
    public const int ShortSeconds = 120;

    /// <summary>The leases that workers take.</summary>
    public const double LeaseSeconds = 3;

    /// <summary>All there is.</summary>
    public static FaultMix All(TimeSpan length) => Mix(length.TotalSeconds > ShortSeconds
        ? new()
        {
            [FaultKind.KillNode] = 10, [FaultKind.PauseNode] = 45, [FaultKind.CutOffNode] = 40, [FaultKind.EndSessions] = 15, [FaultKind.RestartDatabase] = 60, [FaultKind.CrashDatabase] = 60,
            [FaultKind.CrowdDatabase] = 60, [FaultKind.FailStore] = 20, [FaultKind.SlowStore] = 30, [FaultKind.PauseClient] = 40,
        }
        : new()
        {
            [FaultKind.KillNode] = 8, [FaultKind.PauseNode] = 14, [FaultKind.CutOffNode] = 10, [FaultKind.EndSessions] = 6, [FaultKind.RestartDatabase] = 13, [FaultKind.CrashDatabase] = 13,
            [FaultKind.CrowdDatabase] = 12, [FaultKind.FailStore] = 8, [FaultKind.SlowStore] = 10,
        });

    /// <summary>Nodes are cut off, and nothing else happens, so that what follows from it can be told.</summary>
    public static FaultMix CutOffs(TimeSpan length) => Mix(new() { [FaultKind.CutOffNode] = length.TotalSeconds > ShortSeconds ? 15 : 8 });

    private static FaultMix Mix(Dictionary<FaultKind, double> everySeconds) => new() { TtlSeconds = LeaseSeconds, EverySeconds = everySeconds };
}
