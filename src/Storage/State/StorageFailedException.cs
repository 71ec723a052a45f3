using Microsoft.Data.Sqlite;

namespace Pipeline.Storage.State;

/// <summary>
/// The store could not make a transaction durable; what was there before still is. Nothing of it was kept, unless a flush to disk failed:
/// then only the next start shows what reached the disk, and a retry with the same idempotency key finds out.
/// </summary>
public sealed class StorageFailedException : IOException
{
    /// <summary>Says in words of ours what SQLite says in its own.</summary>
    public StorageFailedException(SqliteException failure) : base(
        failure.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL ? "The disk that holds the data folder is full." : $"The database in the data folder could not be read or written: {failure.Message}", failure) =>
        Full = failure.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL;

    public StorageFailedException(string message, Exception? failure, bool full) : base(message, failure) => Full = full;

    /// <summary>When it is worth trying again, for a store that is only busy or out of reach; null otherwise.</summary>
    public double? RetryAfterSeconds { get; init; }

    /// <summary>True when more was asked of the store at once than it queues, and nothing is wrong with it.</summary>
    public bool Busy { get; init; }

    /// <summary>True when nobody knows whether the transaction was kept; the same call with its idempotency key gives the answer.</summary>
    public bool Unknown { get; init; }

    /// <summary>True when the message is for the caller too: it says nothing about the machine.</summary>
    public bool Told => Busy || Unknown || RetryAfterSeconds is not null;

    /// <summary>True when the disk is full: reads go on and so does whatever frees space.</summary>
    public bool Full { get; }

    /// <summary>True when it was the object store; the message then says all, and nothing secret.</summary>
    public bool IsObjectStore { get; init; }

    /// <summary>Whether a file's failure says that the disk, the quota or the largest file size is used up.</summary>
    public static bool IsFull(IOException failure) => Objects.Disk.IsFull(failure);

    /// <summary>The failure of the medium behind a SQLite error; null when the error is about the statement, such as a broken constraint.</summary>
    public static StorageFailedException? From(SqliteException failure) => failure.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB
            or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_NOMEM => new(failure),
        _ => null,
    };
}
