using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Locks;

/// <summary>Someone holds the path, perhaps the caller itself without naming its token.</summary>
public sealed class LockHeldError : ToolError
{
    public LockHeldError(LockRow held, long nowMs, int? queuePosition = null) : base("lock_held",
        $"'{held.Workspace}/{held.Path}' is locked by {held.Agent} until {Instant.From(held.ExpiresAtMs):HH:mm:ss}Z. A holder names its lock_token with every write; others wait with acquire_lock and wait_seconds.")
    {
        Facts = new
        {
            holder = held.Agent,
            held.Mode,
            held.Purpose,
            expires_at = Instant.From(held.ExpiresAtMs),
            queue_position = queuePosition,
        };
        RetryAfterSeconds = Math.Max(0, held.ExpiresAtMs - nowMs) / 1000.0;
        Next = "acquire_lock with wait_seconds";
    }
}
