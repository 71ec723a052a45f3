using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Locks;

/// <summary>The token named is not that of a live exclusive lock of the caller's.</summary>
public sealed class StaleTokenError : ToolError
{
    public StaleTokenError(string asset, long token, LockRow? holder) : base("stale_token",
        $"The lock token {token} for '{asset}' has expired, was released or is not yours. Acquire the lock again, look at what is there now, then write with the new token.")
    {
        Facts = new { asset, token, holder = holder?.Agent, expires_at = Instant.From(holder?.ExpiresAtMs) };
        Next = "acquire_lock";
    }
}
