using System.Collections.Concurrent;

namespace Pipeline.Faults.Disks;

/// <summary>
/// The disk under one folder, as SQLite sees it in this process: it counts, fails, dawdles, forgets to flush and remembers what was written.
/// All other folders are left alone. Disposing it gives the folder its ordinary disk back for files opened later.
/// </summary>
/// <remarks>The first one puts a layer of ours over SQLite's default file layer, so nothing in the program under test knows of it.</remarks>
public sealed class FaultyDisk : IDisposable
{
    private static readonly ConcurrentDictionary<string, FaultyDisk> Disks = new(StringComparer.Ordinal);

    private readonly long[] _counts = new long[6];
    private readonly string _folder;
    private volatile DiskFault? _fault;

    private FaultyDisk(string folder) => _folder = folder;

    /// <summary>Which call fails; null for none. Setting it begins to count anew.</summary>
    public DiskFault? Fault
    {
        get => _fault;
        set => _fault = value;
    }

    /// <summary>What a flush does.</summary>
    public SyncMode Syncs { get; set; }

    /// <summary>How long every flush takes besides what it takes.</summary>
    public TimeSpan SyncDelay { get; set; }

    /// <summary>Where changes are written down; null for nowhere.</summary>
    public WriteLog? Log { get; set; }

    /// <summary>Takes over <paramref name="folder"/> for every database that is opened there from now on.</summary>
    public static FaultyDisk Under(string folder)
    {
        SqliteLayer.Register();
        var disk = new FaultyDisk(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar);
        return Disks.TryAdd(disk._folder, disk) ? disk : throw new InvalidOperationException($"The disk under '{folder}' is faulty already.");
    }

    /// <summary>How many calls of these kinds there have been, failed ones too.</summary>
    public long Count(DiskOperation operations)
    {
        var total = 0L;
        for (var kind = 0; kind < _counts.Length; kind++)
        {
            total += ((int)operations >> kind & 1) == 0 ? 0 : Interlocked.Read(ref _counts[kind]);
        }

        return total;
    }

    public void Dispose() => Disks.TryRemove(_folder, out _);

    internal static FaultyDisk? Of(string? path) =>
        path is null ? null : Disks.FirstOrDefault(disk => path.StartsWith(disk.Key, StringComparison.Ordinal)).Value;

    /// <summary>Counts a call and says how it fails; null when it goes through.</summary>
    internal DiskFailure? Judge(DiskOperation operation, bool grows = false)
    {
        Interlocked.Increment(ref _counts[System.Numerics.BitOperations.TrailingZeroCount((int)operation)]);
        return _fault is { } fault && fault.Strikes(operation, grows) ? fault.Failure : null;
    }

    internal void Dawdle()
    {
        if (SyncDelay > TimeSpan.Zero)
        {
            using var never = new ManualResetEventSlim();
            never.Wait(SyncDelay);
        }
    }
}
