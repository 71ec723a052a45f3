using System.Runtime.InteropServices;

namespace Pipeline.Storage.Objects;

/// <summary>The one system call that .NET has no door to: making a rename durable (dotnet/runtime#28169).</summary>
internal static partial class Disk
{
    private const int ReadOnlyDirectory = 0x10000; // O_RDONLY | O_DIRECTORY on Linux

    /// <summary>Flushes a directory's entries to disk; does nothing on Windows, where NTFS journals renames.</summary>
    public static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(path, OperatingSystem.IsLinux() ? ReadOnlyDirectory : 0);
        if (handle < 0)
        {
            throw new IOException($"The directory could not be opened to be flushed (errno {Marshal.GetLastPInvokeError()}).");
        }

        var failed = Sync(handle) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(handle);
        if (failed)
        {
            throw new IOException($"The directory could not be flushed (errno {error}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
