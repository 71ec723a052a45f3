using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Tools.Assets;

/// <summary>Opens files and directories that callers name, and tells where what was opened really is.</summary>
internal static partial class OpenedFile
{
    // Linux on x64 and arm64: O_NONBLOCK | O_CLOEXEC | O_NOCTTY; a pipe must not hold the opener up.
    private const int OpenFlags = 0x800 | 0x80000 | 0x100;

    /// <summary>Opens for reading; null when there is nothing that this process may read.</summary>
    public static SafeFileHandle? TryOpen(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return TryOpenFile(path);
        }

        var descriptor = Open(path, OpenFlags);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>The path of what is open, every link resolved; null where that cannot be told.</summary>
    public static string? RealPath(SafeFileHandle handle, string openedAs) =>
        OperatingSystem.IsLinux() ? new FileInfo(Alias(handle)).LinkTarget : Unlinked(openedAs);

    /// <summary>A path that leads to what is open, whatever happens to its name.</summary>
    public static string Alias(SafeFileHandle handle) => $"/proc/self/fd/{handle.DangerousGetHandle()}";

    /// <summary>True for a plain file: no directory, pipe, socket or device.</summary>
    public static bool IsPlainFile(SafeFileHandle handle)
    {
        if (File.GetAttributes(handle).HasFlag(FileAttributes.Directory))
        {
            return false;
        }

        using var probe = new FileStream(new SafeFileHandle(handle.DangerousGetHandle(), ownsHandle: false), FileAccess.Read, 1);
        return probe.CanSeek;
    }

    private static SafeFileHandle? TryOpenFile(string path)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Where the system cannot tell, a path with a link in it is not taken at all.
    private static string? Unlinked(string path)
    {
        for (var part = path; part is not null; part = Path.GetDirectoryName(part))
        {
            if (new FileInfo(part).LinkTarget is not null)
            {
                return null;
            }
        }

        return path;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
