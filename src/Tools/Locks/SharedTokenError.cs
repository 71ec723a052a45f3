using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Locks;

/// <summary>The token named is that of the caller's own shared lock, which lets nobody write.</summary>
public sealed class SharedTokenError : ToolError
{
    public SharedTokenError(string asset, long token) : base("stale_token",
        $"The lock token {token} for '{asset}' is that of a shared lock, which keeps everyone from writing, its holders too. Release it and acquire the lock with mode exclusive.")
    {
        Facts = new { asset, token, mode = LockMode.Shared };
        Next = "acquire_lock with mode exclusive";
    }
}
