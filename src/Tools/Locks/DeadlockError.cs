using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Locks;

/// <summary>Waiting would never end: each of the agents in the cycle waits for what the next one holds.</summary>
public sealed class DeadlockError : ToolError
{
    public DeadlockError(IReadOnlyList<LockWaitEdge> cycle) : base("deadlock",
        $"Waiting would never end: {string.Join(", ", cycle.Select(edge => $"{edge.Agent} waits for {edge.HeldBy} on '{edge.WaitsFor}'"))}. Release what you hold, then acquire everything you need in one call with assets[].")
    {
        Facts = new { cycle };
        Next = "release_lock, then acquire_lock with assets[]";
    }
}

/// <summary>One step of a cycle.</summary>
/// <param name="Agent">Who waits.</param>
/// <param name="WaitsFor">The asset.</param>
/// <param name="HeldBy">Who holds it, or stands before <paramref name="Agent"/> in its queue.</param>
public sealed record LockWaitEdge(string Agent, string WaitsFor, string HeldBy);
