namespace Pipeline.Reliability.Faults;

/// <summary>One thing that the nemesis does.</summary>
/// <param name="At">After how long.</param>
/// <param name="Kind">What.</param>
/// <param name="Draw">A number that picks the target, whatever targets there are by then.</param>
/// <param name="Amount">Milliseconds of a pause or a jump, permille of answers, calls that fail.</param>
public sealed record Fault(TimeSpan At, FaultKind Kind, int Draw, int Amount);

/// <summary>What can be done to a rig.</summary>
public enum FaultKind
{
    /// <summary>kill -9 of the server, which is started again at once.</summary>
    KillServer,

    /// <summary>kill -9 of a client; another takes its place.</summary>
    KillClient,

    /// <summary>SIGSTOP of a client, then SIGCONT.</summary>
    PauseClient,

    /// <summary>SIGSTOP of the server, then SIGCONT.</summary>
    PauseServer,

    /// <summary>The server's wall clock jumps.</summary>
    JumpClock,

    /// <summary>The server's wall clock jumps to and fro, many times a second, for a second.</summary>
    StrobeClock,

    /// <summary>For a second, answers are lost after their commit.</summary>
    LoseAnswers,

    /// <summary>The object store is slow.</summary>
    SlowObjects,

    /// <summary>The object store's next calls fail.</summary>
    FailObjects,

    /// <summary>For a second, every flush of the database is slow. Needs PIPELINE_RIG_DISK=1 in the server's environment, as the next does.</summary>
    SlowDisk,

    /// <summary>One of the next writes of the database fails, for want of room or for no reason.</summary>
    FailDisk,

    /// <summary>kill -9 of one node, which is started again.</summary>
    KillNode,

    /// <summary>SIGSTOP of one node for several leases, then SIGCONT: to the others it is cut off while it holds what it holds.</summary>
    PauseNode,

    /// <summary>pg_terminate_backend of some sessions.</summary>
    EndSessions,

    /// <summary>PostgreSQL is restarted in order.</summary>
    RestartDatabase,

    /// <summary>PostgreSQL is stopped without a word and recovers.</summary>
    CrashDatabase,

    /// <summary>PostgreSQL has no session to give, while many call.</summary>
    CrowdDatabase,

    /// <summary>For a spell, half of what the object store is asked ends in a 5xx.</summary>
    FailStore,

    /// <summary>For a spell, the object store is slow.</summary>
    SlowStore,

    /// <summary>One node's wire is cut: for some leases nothing passes between it and all others, its database and its callers among them.</summary>
    CutOffNode,
}
