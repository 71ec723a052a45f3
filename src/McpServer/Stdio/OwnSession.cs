using System.Runtime.InteropServices;

namespace Pipeline.McpServer.Stdio;

/// <summary>A session of its own: signals to the terminal or the group of whoever started this process no longer reach it.</summary>
internal static partial class OwnSession
{
    public static void Begin()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = NewSession(); // Fails only for a process that leads its group already, which is as good.
        }
    }

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static partial int NewSession();
}
