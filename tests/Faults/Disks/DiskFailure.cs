namespace Pipeline.Faults.Disks;

/// <summary>How a disk fails.</summary>
public enum DiskFailure
{
    /// <summary>EIO: the call fails and has done nothing.</summary>
    Broken,

    /// <summary>ENOSPC: what would make a file larger fails; all else goes on.</summary>
    Full,

    /// <summary>Half of a write arrives and the disk is full; other calls go on.</summary>
    Short,

    /// <summary>The call does nothing and says that it did: only a check that compares notices.</summary>
    Lost,
}
