namespace Pipeline.Faults.Disks;

/// <summary>One change of the files in a folder, in the order in which it was asked for.</summary>
/// <param name="File">The file, not its name: a file made anew after a deletion is another one. 0 for the folder's own changes.</param>
public abstract record Change(int File)
{
    /// <summary>A name came to stand for a new, empty file.</summary>
    public sealed record Created(int File, string Path) : Change(File);

    /// <summary>A name went. <paramref name="Durable"/>: the folder was flushed with it.</summary>
    public sealed record Deleted(int File, string Path, bool Durable) : Change(File);

    public sealed record Written(int File, long Offset, ReadOnlyMemory<byte> Bytes) : Change(File);

    public sealed record Truncated(int File, long Size) : Change(File);

    /// <summary>All of the file is on disk; with <paramref name="Folder"/> so are the folder's names.</summary>
    public sealed record Synced(int File, bool Folder) : Change(File);
}
