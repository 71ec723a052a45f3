using Npgsql;

namespace Pipeline.Storage.State;

/// <summary>What a failure of PostgreSQL means: the session is gone, others were in the way, or the statement was wrong.</summary>
internal static class PostgresFailure
{
    /// <summary>The session is gone or useless: a new one may do better.</summary>
    public static bool IsLoss(Exception failure) => failure switch
    {
        PostgresException { SqlState: var state } => state.StartsWith("08", StringComparison.Ordinal) || state is
            "57P01" or "57P02" or "57P03" or "57P05" // shut down, crashed, not yet there, thrown out
            or "25P03" or "25P02" or "25006" // silent for too long, transaction lost, became a standby
            or "53300" or "0A000" or "26000" or "XX000", // no room for a session, plans and statements of another time
        NpgsqlException or ObjectDisposedException => true,
        StorageFailedException { RetryAfterSeconds: not null, Unknown: false, Busy: false } => true,
        _ => false,
    };

    /// <summary>Others were in the way, and the same again may pass.</summary>
    public static bool IsConflict(Exception failure) => failure is PostgresException { SqlState: "40001" or "40P01" or "55P03" };

    /// <summary>Whether running the same again may help.</summary>
    public static bool IsPassing(Exception failure) => IsLoss(failure) || IsConflict(failure);

    /// <summary>The failure of the server's disk or memory behind an error; null when the error is about the statement.</summary>
    public static StorageFailedException? OfMedium(Exception failure) => failure is PostgresException { SqlState: "53100" or "53200" or "58030" or "XX001" or "XX002" } broken
        ? new("The database server could not keep what was written: its disk or memory is full or damaged.", broken, full: broken.SqlState == "53100")
        : null;

    /// <summary>What callers are told once trying again has taken too long.</summary>
    public static StorageFailedException GaveUp(Exception last) => IsConflict(last)
        ? Crowded(last)
        : new("The database cannot be reached. Nothing was kept; the same call with its idempotency_key may be sent again.", last, full: false) { RetryAfterSeconds = 5 };

    /// <summary>More is asked than can be done now.</summary>
    public static StorageFailedException Crowded(Exception? cause = null) =>
        new("The store is busy: more calls wait than it takes at once. Nothing was kept; try again in a moment.", cause, full: false) { RetryAfterSeconds = 2, Busy = true };

    /// <summary>The connection was lost while the commit was under way, and what came of it could not be found out.</summary>
    public static StorageFailedException Lost(Exception? cause) =>
        new("The connection to the database was lost while it committed, and whether this was kept is unknown. The same call with its idempotency_key gives the answer.", cause, full: false)
        { RetryAfterSeconds = 5, Unknown = true };
}
