namespace Pipeline.Tools.Locks;

/// <summary>What a request meets.</summary>
/// <param name="Blocker">The first lock in the way, or the waiter who goes first; null when the request can be granted.</param>
/// <param name="Waiting">Live waiters before it, on the path where there are most.</param>
/// <param name="FreeAtMs">When the leases in the way run out, if nobody goes before; null otherwise.</param>
public sealed record LockStanding(LockRow? Blocker, long Waiting, long? FreeAtMs);
