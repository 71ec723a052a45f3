using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Locks;

/// <summary>The lock was the caller's and has ended.</summary>
public sealed class LockLostError : ToolError
{
    public LockLostError(LockRow row) : base("lock_lost",
        $"The lock on '{row.Asset}' is gone ({row.Ending ?? LockEnding.Expired}), even if nobody has taken it since. Acquire it again (with a new idempotency_key), look at what is there now, then go on with the new token.")
    {
        Facts = new { lock_id = row.LockId, asset = row.Asset, token = row.Token, ending = row.Ending ?? LockEnding.Expired, ended_at = Instant.From(row.EndedAtMs ?? row.ExpiresAtMs) };
        Next = "acquire_lock";
    }
}
