using System.Runtime.InteropServices;

namespace Pipeline.Storage.Objects;

/// <summary>What .NET has no door to: making a rename durable (dotnet/runtime#28169), and naming a full disk.</summary>
internal static partial class Disk
{
    private const int CloseOnExec = 0x80000; // O_CLOEXEC on Linux; O_RDONLY is 0 everywhere
    private const int Interrupted = 4;
    private const int NotForThisKind = 22;

    /// <summary>Flushes a directory's entries to disk; does nothing on Windows, where NTFS journals renames.</summary>
    public static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(path, OperatingSystem.IsLinux() ? CloseOnExec : 0);
        if (handle < 0)
        {
            throw new IOException($"The directory could not be opened to be flushed (errno {Marshal.GetLastPInvokeError()}).");
        }

        int error;
        do
        {
            error = Sync(handle) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        while (error == Interrupted);

        _ = Close(handle);
        if (error is not 0 and not NotForThisKind)
        {
            throw new IOException($"The directory could not be flushed (errno {error}).");
        }
    }

    /// <summary>Whether the error says that the disk, the quota or the largest file size is used up.</summary>
    public static bool IsFull(IOException failure) => OperatingSystem.IsWindows()
        ? (failure.HResult & 0xFFFF) is 0x70 or 0x27
        : failure.HResult is 28 or 27 or 122 or 69; // ENOSPC, EFBIG, EDQUOT on Linux and on macOS

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
