using Microsoft.Data.Sqlite;

namespace Pipeline.Storage.State;

/// <summary>The store could not make a transaction durable; nothing of it was kept.</summary>
public sealed class StorageFailedException : IOException
{
    public StorageFailedException(SqliteException failure) : base(failure.Message, failure) =>
        Full = failure.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL;

    public StorageFailedException(string message, Exception failure, bool full) : base(message, failure) => Full = full;

    /// <summary>True when the disk is full: reads go on and so does whatever frees space.</summary>
    public bool Full { get; }
}
