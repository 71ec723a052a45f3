using Pipeline.Storage.Objects;

namespace Pipeline.Storage;

/// <summary>
/// The data folder and the lock that makes this process its only owner. The lock is the operating system's: it goes with the process,
/// however that ends.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private const string LockName = "owner.lock";

    private readonly FileStream _lock;

    private DataFolder(string root, FileStream @lock) => (Root, _lock) = (root, @lock);

    /// <summary>Absolute path of the folder.</summary>
    public string Root { get; }

    /// <summary>The state database.</summary>
    public string DatabaseFile => DatabaseOf(Root);

    /// <summary>Where unfinished work lives; whatever a crash left here is removed when the next owner starts.</summary>
    public string Work => Path.Combine(Root, "work");

    /// <summary>The state database of a folder that this process need not own, to read it.</summary>
    public static string DatabaseOf(string root) => Path.Combine(root, "pipeline.db");

    /// <summary>Copies of what lies elsewhere; they go when the next owner starts.</summary>
    internal static string CacheOf(string root) => Path.Combine(root, "cache");

    /// <summary>Creates the folder (mode 0700) if need be and takes its lock; null when another process owns it.</summary>
    /// <exception cref="IOException">The folder holds other things than ours, or its file system has no locks.</exception>
    public static DataFolder? TryOwn(string path)
    {
        var root = Path.GetFullPath(path);
        Prepare(root);
        if (TakeLock(root) is not { } held)
        {
            return null;
        }

        var folder = new DataFolder(root, held);
        try
        {
            RequireExclusion(root);
            foreach (var leftover in new[] { folder.Work, CacheOf(root) }.Where(Directory.Exists))
            {
                Directory.Delete(leftover, recursive: true);
            }

            Directory.CreateDirectory(folder.Work);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static void Prepare(string root)
    {
        // An owner removes what lies in work/ and closes the folder to others: never do that to a folder that someone uses for something else.
        if (File.Exists(root))
        {
            throw new IOException($"'{root}' is a file; the data folder is a folder. Name one that is new or empty.");
        }

        var known = Directory.Exists(root);
        if (known && !File.Exists(Path.Combine(root, LockName))
            && Directory.EnumerateFileSystemEntries(root).FirstOrDefault(entry => !IsOurs(entry)) is { } foreign)
        {
            throw new IOException($"'{root}' is not a data folder: it already holds '{Path.GetFileName(foreign)}'. Name a folder that is new or empty.");
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(root);
            return;
        }

        const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(root, Mine);
        File.SetUnixFileMode(root, Mine);
        if (!known && Path.GetDirectoryName(root) is { } parent)
        {
            Disk.FlushDirectory(parent);
        }
    }

    // A relay may have left its owner's log or socket before the first owner was up.
    private static bool IsOurs(string entry) => Path.GetFileName(entry).StartsWith("owner.", StringComparison.Ordinal);

    private static FileStream? TakeLock(string root)
    {
        try
        {
            return new FileStream(Path.Combine(root, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (IsTaken(failure))
        {
            return null;
        }
    }

    // A file system without locks, or a setting that turns them off, would let two owners in without a word.
    private static void RequireExclusion(string root)
    {
        if (TakeLock(root) is { } second)
        {
            second.Dispose();
            throw new IOException($"'{root}' is on a file system without file locks; use a local disk.");
        }
    }

    private static bool IsTaken(IOException failure) => OperatingSystem.IsWindows()
        ? (failure.HResult & 0xFFFF) is 32 or 33
        : failure.HResult is 11 or 35; // EWOULDBLOCK on Linux and on macOS
}
