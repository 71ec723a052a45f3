using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Pipeline.Reliability.Serving;

/// <summary>Signals by the numbers that Linux has for them.</summary>
public static partial class Signals
{
    public const int Kill = 9;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Sends one; nothing happens when the process is gone.</summary>
    public static void Send(int process, int signal)
    {
        const int NoSuchProcess = 3;
        if (SendTo(process, signal) != 0 && Marshal.GetLastPInvokeError() is var error && error != NoSuchProcess)
        {
            throw new Win32Exception(error);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendTo(int process, int signal);
}
