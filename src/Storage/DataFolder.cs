namespace Pipeline.Storage;

/// <summary>
/// The data folder and the lock that makes this process its only owner. The lock is the operating system's: it goes with the process,
/// however that ends.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string root, FileStream @lock) => (Root, _lock) = (root, @lock);

    /// <summary>Absolute path of the folder.</summary>
    public string Root { get; }

    /// <summary>The state database.</summary>
    public string DatabaseFile => Path.Combine(Root, "pipeline.db");

    /// <summary>Where unfinished work lives; whatever a crash left here is removed when the next owner starts.</summary>
    public string Work => Path.Combine(Root, "work");

    /// <summary>Creates the folder (mode 0700) if need be and takes its lock; null when another process owns it.</summary>
    public static DataFolder? TryOwn(string path)
    {
        var root = Path.GetFullPath(path);
        Prepare(root);
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(root, "owner.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(root, "owner.lock")))
        {
            return null;
        }

        var folder = new DataFolder(root, held);
        if (Directory.Exists(folder.Work))
        {
            Directory.Delete(folder.Work, recursive: true);
        }

        Directory.CreateDirectory(folder.Work);
        return folder;
    }

    public void Dispose() => _lock.Dispose();

    private static void Prepare(string root)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(root);
            return;
        }

        const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(root, Mine);
        File.SetUnixFileMode(root, Mine);
    }
}
