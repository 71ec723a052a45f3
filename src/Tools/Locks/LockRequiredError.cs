using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Locks;

/// <summary>The workspace refuses writes without a lock.</summary>
public sealed class LockRequiredError : ToolError
{
    public LockRequiredError(string asset) : base("lock_required",
        $"This workspace takes writes only under a lock. Acquire the lock on '{asset}' and name its lock_token.")
    {
        Facts = new { asset };
        Next = "acquire_lock";
    }
}
