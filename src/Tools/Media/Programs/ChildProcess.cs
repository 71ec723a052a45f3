using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pipeline.Tools.Media.Programs;

/// <summary>
/// The one home of child processes for media: an argument list, a bare environment, a process group of its own, and all of it killed when
/// the caller cancels, the budget ends or this process dies.
/// </summary>
internal static partial class ChildProcess
{
    private const int Kill = 9;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);

    // Standing between this process and the job: while its input is open the job may run, and when that closes - because this process is gone,
    // however it ended - the job is killed. It also is the parent for whose death the box watches; a thread of ours that ends must not count as that.
    // The session has a share of the processors of its own (sched(7), "autogroup"), whatever the niceness within it: so it is made small here.
    private const string Keeper = """
        exec 3<&0
        { echo 900 >/proc/self/oom_score_adj; } 2>/dev/null
        { echo 10 >/proc/self/autogroup; } 2>/dev/null
        "$@" </dev/null 3<&- &
        job=$!
        { read -r none; kill -9 "$job"; } <&3 >/dev/null 2>&1 &
        watch=$!
        exec 3<&-
        wait "$job"
        code=$?
        kill -9 "$watch" 2>/dev/null
        exit "$code"
        """;

    /// <summary>Runs the command to its end; lines go to the two sinks as they come.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> command, string folder, Action<string> output, Action<string> error, CancellationToken cancellation)
    {
        var kept = Kept(command);
        var start = new ProcessStartInfo(kept[0], kept.Skip(1))
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
        try
        {
            await ReadAsync(process, output, error, cancellation).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited)
            {
                KillGroup(process);
                await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
                await SilenceAsync(process).ConfigureAwait(false);
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

    // setsid(1) makes the keeper the leader of a session and group with its own process id, so one signal reaches all that is not in a box;
    // what is in one dies with the box's outer process.
    private static List<string> Kept(IReadOnlyList<string> command)
    {
        if (OperatingSystem.IsWindows() || Find("sh") is not { } shell)
        {
            return [.. command];
        }

        List<string> kept = [shell, "-c", Keeper, "keeper", .. command];
        return Find("setsid") is { } setsid ? [setsid, .. kept] : kept;
    }

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

    // A sink that refuses must not leave the other pipe filling up and the child waiting.
    private static async Task ReadAsync(Process process, Action<string> output, Action<string> error, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] both = [BoundedLines.ReadAsync(process.StandardOutput.BaseStream, output, either.Token), BoundedLines.ReadAsync(process.StandardError.BaseStream, error, either.Token)];
        var first = await Task.WhenAny(both).ConfigureAwait(false);
        if (!first.IsCompletedSuccessfully)
        {
            await either.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await first.ConfigureAwait(false);
        }

        await Task.WhenAll(both).ConfigureAwait(false);
    }

    // The pipes end when the last process that holds them has ended, so nothing writes to the job's folder any more.
    private static async Task SilenceAsync(Process process)
    {
        using var late = new CancellationTokenSource(LastWords, TimeProvider.System);
        await Task.WhenAll(
            BoundedLines.ReadAsync(process.StandardOutput.BaseStream, _ => { }, late.Token),
            BoundedLines.ReadAsync(process.StandardError.BaseStream, _ => { }, late.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
