using Microsoft.Data.Sqlite;

namespace Pipeline.Storage.State;

/// <summary>
/// Room on the disk that is kept while there is enough, as a file without content, and given up when a full disk keeps someone from freeing
/// something. It is taken back once there is room for it twice; until then nothing else is written.
/// </summary>
/// <remarks>What it gives up goes to the disk, where others who fill it may be quicker: it is help, not a promise.</remarks>
internal sealed class DiskReserve
{
    private const long Bytes = 16L << 20;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly string _file;
    private readonly TimeProvider _time;
    private long _lookedAt;

    public DiskReserve(string file, TimeProvider time)
    {
        (_file, _time, IsGiven) = (file, time, !File.Exists(file));
        TakeBack();
    }

    /// <summary>True while there is no room in reserve.</summary>
    public bool IsGiven { get; private set; }

    /// <summary>Whether the disk has hardly any room left.</summary>
    public bool DiskIsFull() => FreeBytes() < Bytes / 16;

    /// <summary>Gives the room up; false when there is none to give.</summary>
    public bool Give()
    {
        if (IsGiven)
        {
            return false;
        }

        File.Delete(_file);
        IsGiven = true;
        _lookedAt = _time.GetTimestamp();
        return true;
    }

    /// <summary>Keeps room again if there is enough; looks once a second at most.</summary>
    public bool TryTakeBack()
    {
        if (IsGiven && _time.GetElapsedTime(_lookedAt) >= BetweenLooks)
        {
            TakeBack();
        }

        return !IsGiven;
    }

    /// <summary>A failure to open, in words that say what to do.</summary>
    public StorageFailedException Explain(SqliteException failure) =>
        DiskIsFull() || failure.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL ? Full(failure) : new StorageFailedException(failure);

    /// <summary>The disk is full; what to do.</summary>
    public StorageFailedException Full(SqliteException? failure) => new(
        $"The disk that holds {Path.GetDirectoryName(_file)} is full ({FreeBytes() >> 10} KiB free). Free at least {2 * Bytes >> 20} MiB; what is stored there stays as it is.", failure, full: true);

    private long FreeBytes() => new DriveInfo(Path.GetDirectoryName(_file)!).AvailableFreeSpace;

    private void TakeBack()
    {
        _lookedAt = _time.GetTimestamp();
        if (!IsGiven || FreeBytes() < 2 * Bytes)
        {
            return;
        }

        try
        {
            using var kept = new FileStream(_file, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, PreallocationSize = Bytes });
            IsGiven = false;
        }
        catch (IOException full) when (Objects.Disk.IsFull(full))
        {
            File.Delete(_file);
        }
    }
}
