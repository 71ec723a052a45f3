using System.Diagnostics;

namespace Pipeline.McpServer.Stdio;

/// <summary>
/// Starts an owner in the background. A shell puts its three streams elsewhere before the program begins, so that not a byte of it can reach
/// the client of the relay; the program then opens a session of its own.
/// </summary>
internal static class OwnerStart
{
    /// <summary>The verb that owns a folder without a door to the network.</summary>
    public const string Verb = "own";

    private const string Redirect = "log=$1; shift; exec \"$@\" </dev/null >>\"$log\" 2>&1";
    private const long MaxLogBytes = 4 << 20;

    /// <summary>Where an owner in the background writes what it has to say.</summary>
    public static string LogFile(string dataFolder) => Path.Combine(dataFolder, "owner.log");

    /// <summary>Starts it; the process is known by its handle only, it outlives this one.</summary>
    public static Process Start(string dataFolder)
    {
        const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(dataFolder, Mine);
        }

        var log = LogFile(dataFolder);
        if (new FileInfo(log) is { Exists: true, Length: > MaxLogBytes })
        {
            File.Delete(log);
        }

        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
        foreach (var argument in (string[])["-c", Redirect, "sh", log, .. OwnProgram(), Verb, "--data", dataFolder])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new OwnerUnavailableException("The owner could not be started.");
    }

    /// <summary>This program: its own executable, or the runtime with the program's file.</summary>
    public static string[] OwnProgram()
    {
        var running = Environment.ProcessPath ?? throw new OwnerUnavailableException("This program does not know where it is.");
        return Path.GetFileNameWithoutExtension(running) == "dotnet" ? [running, Environment.GetCommandLineArgs()[0]] : [running];
    }
}
