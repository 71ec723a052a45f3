using System.Diagnostics;

namespace Pipeline.McpServer.Demo;

/// <summary>A process of ours, so described that it is known again later: its number alone may be another's by then.</summary>
/// <param name="Verb">What it runs, as its command line says.</param>
public sealed record ProcessMark(int Pid, DateTimeOffset StartedAt, string Verb)
{
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

    private bool Runs() => !OperatingSystem.IsLinux() || File.ReadAllText($"/proc/{Pid}/cmdline").Split('\0').Contains(Verb);
}
