namespace Pipeline.Reliability.Checking;

/// <summary>How the server answered.</summary>
public enum Reply
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>Nobody knows.</summary>
    Unknown,

    /// <summary><c>lock_held</c>.</summary>
    Held,

    /// <summary><c>lock_lost</c>.</summary>
    Lost,

    /// <summary><c>stale_token</c>.</summary>
    Stale,

    /// <summary><c>version_conflict</c>.</summary>
    Conflict,

    /// <summary><c>not_found</c>.</summary>
    Absent,

    /// <summary><c>deadlock</c>.</summary>
    Deadlocked,
}

/// <summary>Something done to one path, with its answer.</summary>
/// <param name="Reply">What came back.</param>
public abstract record PathAction(Reply Reply);

/// <summary>acquire_lock. Tries of one intent (one idempotency key) are one action.</summary>
/// <param name="Reply">Done, Held or Unknown.</param>
/// <param name="Agent">Who would hold.</param>
/// <param name="Exclusive">Or shared.</param>
/// <param name="TtlUs">The lease.</param>
/// <param name="Token">The fencing token when done.</param>
/// <param name="Holder">Whom <c>lock_held</c> names; null when not known.</param>
/// <param name="MayStandBehind">Whether another call may have been waiting in line: then it can be refused on a free path.</param>
public sealed record Acquire(Reply Reply, string Agent, bool Exclusive, long TtlUs, long Token = 0, string? Holder = null, bool MayStandBehind = false) : PathAction(Reply);

/// <summary>renew_lock, or acquire_lock with lock_id: both restart the lease and keep the token.</summary>
/// <param name="Reply">Done, Lost, Absent or Unknown.</param>
/// <param name="Agent">Who asks.</param>
/// <param name="Token">Of the lock named.</param>
/// <param name="TtlUs">The lease from now.</param>
public sealed record Renew(Reply Reply, string Agent, long Token, long TtlUs) : PathAction(Reply);

/// <summary>release_lock: done however often, but only to one's own lock.</summary>
/// <param name="Reply">Done, Absent or Unknown.</param>
/// <param name="Agent">Who asks.</param>
/// <param name="Token">Of the lock named.</param>
public sealed record Release(Reply Reply, string Agent, long Token) : PathAction(Reply);

/// <summary>break_lock by an administrator.</summary>
/// <param name="Reply">Done or Unknown.</param>
/// <param name="Token">Of the lock named.</param>
public sealed record Break(Reply Reply, long Token) : PathAction(Reply);

/// <summary>list_locks of the path.</summary>
/// <param name="Reply">Done.</param>
/// <param name="Locks">What it showed.</param>
public sealed record ListHeld(Reply Reply, IReadOnlyList<SeenLock> Locks) : PathAction(Reply)
{
    public override string ToString() => $"ListHeld {{ {string.Join(", ", Locks)} }}";
}

/// <summary>A live lock as listed.</summary>
public sealed record SeenLock(long Token, string Agent, bool Exclusive);

/// <summary>A write of the whole content.</summary>
/// <param name="Reply">Done, Held, Stale, Conflict or Unknown.</param>
/// <param name="Agent">Who writes.</param>
/// <param name="Token">The lock_token sent; null for none.</param>
/// <param name="IfVersion">The version that must be current; null for any.</param>
/// <param name="Content">Names what is written; writing what was read plus something gives a chain.</param>
/// <param name="Version">The new version when done.</param>
public sealed record Write(Reply Reply, string Agent, long? Token, long? IfVersion, string Content, long Version = 0) : PathAction(Reply);

/// <summary>A read of the current content.</summary>
/// <param name="Reply">Done or Absent.</param>
/// <param name="Version">The version shown; 0 when the answer did not say.</param>
/// <param name="Content">The same name that the write of it had.</param>
public sealed record Read(Reply Reply, long Version = 0, string Content = "") : PathAction(Reply);
