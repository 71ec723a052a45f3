using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pipeline.McpServer.Demo;

/// <summary>A process of ours, so described that it is known again later: its number alone may be another's by then.</summary>
/// <param name="Verb">What it runs, as its command line says.</param>
public sealed partial record ProcessMark(int Pid, DateTimeOffset StartedAt, string Verb)
{
    private const int Terminate = 15;

    // The start is counted from the machine's, which each process works out anew.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    public static ProcessMark Of(Process process, string verb) => new(process.Id, process.StartTime.ToUniversalTime(), verb);

    /// <summary>The living process; null when it has ended, or when the number is another's now.</summary>
    public Process? Find()
    {
        Process process;
        try
        {
            process = Process.GetProcessById(Pid);
        }
        catch (ArgumentException)
        {
            return null;
        }

        if (IsIt(process))
        {
            return process;
        }

        process.Dispose();
        return null;
    }

    /// <summary>Asks the process to end, sees that it does, and ends it when it does not.</summary>
    public static async Task EndAsync(Process process, TimeSpan grace)
    {
        if (OperatingSystem.IsWindows() || Signal(process.Id, Terminate) != 0)
        {
            process.Kill(entireProcessTree: true);
        }

        using var patience = new CancellationTokenSource(grace);
        try
        {
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private bool IsIt(Process process)
    {
        try
        {
            return !process.HasExited && (process.StartTime.ToUniversalTime() - StartedAt.UtcDateTime).Duration() < Slack && Runs();
        }
        catch (Exception gone) when (gone is InvalidOperationException or System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

    private bool Runs() => !OperatingSystem.IsLinux() || File.ReadAllText($"/proc/{Pid}/cmdline").Split('\0').Contains(Verb);
}
