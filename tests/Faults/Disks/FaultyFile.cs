namespace Pipeline.Faults.Disks;

/// <summary>An open file of a <see cref="FaultyDisk"/>.</summary>
internal sealed class FaultyFile(FaultyDisk disk, string path, bool flushesFolder)
{
    private bool _flushesFolder = flushesFolder;

    public FaultyDisk Disk => disk;

    public string Path => path;

    /// <summary>Whether the next flush makes the folder's entries durable too: SQLite does so once for a log or journal it has made.</summary>
    public bool TakeFolderFlush()
    {
        var first = _flushesFolder;
        _flushesFolder = false;
        return first;
    }
}
