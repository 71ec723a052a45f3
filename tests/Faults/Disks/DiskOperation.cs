namespace Pipeline.Faults.Disks;

/// <summary>What the engine asks of a disk.</summary>
[Flags]
public enum DiskOperation
{
    None = 0,
    Open = 1,
    Read = 2,
    Write = 4,
    Truncate = 8,
    Sync = 16,
    Delete = 32,

    /// <summary>Whatever changes something.</summary>
    Changes = Open | Write | Truncate | Sync | Delete,

    /// <summary>All of them.</summary>
    Any = Changes | Read,
}
