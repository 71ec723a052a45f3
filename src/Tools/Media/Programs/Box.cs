namespace Pipeline.Tools.Media.Programs;

/// <summary>
/// What stands around ffmpeg. In bubblewrap a program has no network, sees the system's programs and libraries read-only, its inputs
/// read-only and its job's folder, and nothing else of the machine. Without bubblewrap, namespaces of its own take away the network and
/// the sight of other processes. Where user namespaces are not to be had there is neither, and it says so.
/// </summary>
public sealed class Box
{
    private const string Processes = "--nproc=2048";

    private static readonly string[] SystemFolders =
    [
        "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/var/cache/fontconfig",
    ];

    private readonly string? _program;

    private Box(string kind, string? program, string description) => (Kind, _program, Description) = (kind, program, description);

    /// <summary><c>bubblewrap</c>, <c>unshare</c> or <c>none</c>.</summary>
    public string Kind { get; }

    /// <summary>What the box does, or why there is none.</summary>
    public string Description { get; }

    /// <summary>No box, for the reason given.</summary>
    public static Box None(string why) => new("none", null, $"No box around ffmpeg: {why}. Argument lists, forced demuxers, the protocol list and limits still hold.");

    /// <summary>Namespaces by bubblewrap.</summary>
    public static Box Bubblewrap(string program) =>
        new("bubblewrap", program, "bubblewrap: no network, no other processes, system read-only, only the job's folder writable.");

    /// <summary>Namespaces by unshare(1), which hides no files.</summary>
    public static Box Unshare(string program, string why) =>
        new("unshare", program, $"unshare: no network, no other processes; files are not hidden, because {why}.");

    /// <summary>The best box that works here, found out by trying.</summary>
    internal static async Task<Box> FindAsync(string program, string folder, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            return None("it needs Linux");
        }

        var why = "bubblewrap is not installed (Debian: apt-get install bubblewrap)";
        if (ChildProcess.Find("bwrap") is { } bubblewrap)
        {
            var box = Bubblewrap(bubblewrap);
            if (await box.WorksAsync(program, folder, cancellation).ConfigureAwait(false))
            {
                return box;
            }

            why = "bubblewrap is installed but may not make namespaces here";
        }

        if (ChildProcess.Find("unshare") is { } unshare)
        {
            var box = Unshare(unshare, why);
            if (await box.WorksAsync(program, folder, cancellation).ConfigureAwait(false))
            {
                return box;
            }

            why += ", and neither may unshare";
        }

        return None(why);
    }

    /// <summary>The command that runs a program inside the box.</summary>
    internal IEnumerable<string> Wrap(string program, string folder, IEnumerable<string> inputs) => Kind switch
    {
        "bubblewrap" => [.. Walls(program, folder, inputs), .. Inside(), program],
        "unshare" => [_program!, "--user", "--map-root-user", "--net", "--ipc", "--uts", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "--", .. Inside(), program],
        _ => [program],
    };

    private async Task<bool> WorksAsync(string program, string folder, CancellationToken cancellation) =>
        await ChildProcess.RunAsync([.. Wrap(program, folder, []), "-version"], folder, _ => { }, _ => { }, cancellation).ConfigureAwait(false) == 0;

    // Counted inside, where the user has no other processes.
    private static string[] Inside() => ChildProcess.Find("prlimit") is { } prlimit ? [prlimit, Processes, "--"] : [];

    private List<string> Walls(string program, string folder, IEnumerable<string> inputs)
    {
        // No session of its own: it has its keeper's, which has no terminal and a small share of the processors.
        List<string> command = [_program!, "--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--proc", "/proc", "--dev", "/dev"];
        foreach (var place in SystemFolders)
        {
            command.AddRange(["--ro-bind-try", place, place]);
        }

        var home = Path.GetDirectoryName(Path.GetFullPath(program))!;
        if (!home.StartsWith("/usr/", StringComparison.Ordinal) && home != "/bin")
        {
            command.AddRange(["--ro-bind", home, home]);
        }

        command.AddRange(["--bind", folder, folder]);
        foreach (var input in inputs.Where(input => !input.StartsWith(folder + "/", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal))
        {
            command.AddRange(["--ro-bind", input, input]);
        }

        command.AddRange(["--remount-ro", "/", "--chdir", folder, "--"]);
        return command;
    }
}
