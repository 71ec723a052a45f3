namespace Pipeline.Faults.Disks;

/// <summary>What a request to flush does.</summary>
public enum SyncMode
{
    /// <summary>The real disk flushes.</summary>
    Real,

    /// <summary>Nothing is flushed, but the log says so: quick, where only the log decides what outlives a power cut.</summary>
    Recorded,

    /// <summary>Nothing is flushed and the answer is that it was: a disk that lies, or synchronous=OFF.</summary>
    Dropped,
}
