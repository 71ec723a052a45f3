using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pipeline.Tools.Media.Programs;

/// <summary>
/// The one home of child processes for media: an argument list, a bare environment, a process group of its own, and the whole group
/// killed when the caller cancels or the budget ends.
/// </summary>
internal static partial class ChildProcess
{
    private const int Kill = 9;

    /// <summary>Runs the command to its end; lines go to the two sinks as they come.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> command, string folder, Action<string> output, Action<string> error, CancellationToken cancellation)
    {
        var grouped = Group(command);
        var start = new ProcessStartInfo(grouped[0], grouped.Skip(1))
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Bare(folder))
        {
            start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        cancellation.ThrowIfCancellationRequested();
        process.Start();
        process.StandardInput.Close();
        try
        {
            var streams = Task.WhenAll(LinesAsync(process.StandardOutput, output, cancellation), LinesAsync(process.StandardError, error, cancellation));
            await streams.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited)
            {
                KillGroup(process);
                await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The program's absolute path, looked up like a shell would; null when it is not there.</summary>
    public static string? Find(string program)
    {
        if (program.Contains('/', StringComparison.Ordinal) || program.Contains('\\', StringComparison.Ordinal))
        {
            return File.Exists(program) ? Path.GetFullPath(program) : null;
        }

        var file = OperatingSystem.IsWindows() ? program + ".exe" : program;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    private static Dictionary<string, string> Bare(string folder)
    {
        var bare = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin", ["HOME"] = folder, ["LC_ALL"] = "C.UTF-8", ["AV_LOG_FORCE_NOCOLOR"] = "1" };
        foreach (var name in OperatingSystem.IsWindows() ? ["SystemRoot", "TEMP", "TMP"] : new[] { "LD_LIBRARY_PATH" })
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                bare[name] = value;
            }
        }

        return bare;
    }

    // setsid(1) makes the child the leader of a session and group with its own process id, so one signal reaches all of it.
    private static List<string> Group(IReadOnlyList<string> command) =>
        OperatingSystem.IsLinux() && Find("setsid") is { } setsid ? [setsid, .. command] : [.. command];

    private static void KillGroup(Process process)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Signal(-process.Id, Kill);
        }

        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended in between, which is what was wanted.
        }
    }

    private static async Task LinesAsync(StreamReader reader, Action<string> sink, CancellationToken cancellation)
    {
        while (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            sink(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
