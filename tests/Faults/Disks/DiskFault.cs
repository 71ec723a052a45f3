namespace Pipeline.Faults.Disks;

/// <summary>Which call fails, and how.</summary>
/// <param name="Operations">The calls that are counted.</param>
/// <param name="At">The number of the first of them that fails, from 1, counted from when the fault was set.</param>
/// <param name="Failure">How it fails.</param>
/// <param name="Lasting">Whether all after it fail too; else the disk answers again.</param>
public sealed record DiskFault(DiskOperation Operations, long At, DiskFailure Failure, bool Lasting)
{
    private long _seen;
    private long _struck;

    /// <summary>How many calls it has made fail.</summary>
    public long Struck => Interlocked.Read(ref _struck);

    /// <summary>Counts a call; true when it is to fail.</summary>
    internal bool Strikes(DiskOperation operation, bool grows)
    {
        var fits = Failure switch
        {
            DiskFailure.Full => grows,
            DiskFailure.Short or DiskFailure.Lost => operation == DiskOperation.Write,
            _ => true,
        };
        if ((Operations & operation) == 0 || !fits)
        {
            return false;
        }

        var number = Interlocked.Increment(ref _seen);
        if (number != At && !(Lasting && number > At))
        {
            return false;
        }

        Interlocked.Increment(ref _struck);
        return true;
    }
}
