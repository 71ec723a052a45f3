using System.Runtime.InteropServices;

namespace Pipeline.Faults;

/// <summary>A real disk of a few megabytes: a tmpfs of its own, which only root can mount.</summary>
public sealed partial class SmallDisk : IDisposable
{
    private const int Detach = 2; // MNT_DETACH

    private readonly DirectoryInfo _root;

    private SmallDisk(DirectoryInfo root) => _root = root;

    /// <summary>Where it is mounted.</summary>
    public string Root => _root.FullName;

    /// <summary>Free bytes.</summary>
    public long FreeBytes => new DriveInfo(Root).AvailableFreeSpace;

    /// <summary>Mounts one; null where this user may not.</summary>
    public static SmallDisk? Mount(int mebibytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var root = Directory.CreateTempSubdirectory("pipeline-disk-");
        if (Mount("tmpfs", root.FullName, "tmpfs", 0, $"size={mebibytes}m") == 0)
        {
            return new SmallDisk(root);
        }

        root.Delete();
        return null;
    }

    /// <summary>Fills it until at most this many bytes are free; deleting the file that it names makes room again.</summary>
    public string Fill(long leaveBytes = 0)
    {
        var file = Path.Combine(Root, "ballast." + Directory.EnumerateFiles(Root).Count());
        using var ballast = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var chunk = new byte[4096];
        try
        {
            while (FreeBytes > leaveBytes)
            {
                ballast.Write(chunk);
            }
        }
        catch (IOException full) when (Storage.State.StorageFailedException.IsFull(full))
        {
            // That is what was asked for.
        }

        return file;
    }

    public void Dispose()
    {
        _ = Unmount(Root, Detach);
        _root.Delete();
    }

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, nuint flags, string options);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
