namespace Pipeline.Tools.Media.Programs;

/// <summary>
/// What stands around ffmpeg. In bubblewrap a program has no network, sees the system's programs and libraries read-only, its inputs
/// read-only and its job's folder, and nothing else of the machine. Where user namespaces are not to be had there is none, and it says so.
/// </summary>
public sealed class Box
{
    private static readonly string[] SystemFolders =
    [
        "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/var/cache/fontconfig",
    ];

    private readonly string? _bubblewrap;

    private Box(string? bubblewrap, string description) => (_bubblewrap, Description) = (bubblewrap, description);

    /// <summary><c>bubblewrap</c> or <c>none</c>.</summary>
    public string Kind => _bubblewrap is null ? "none" : "bubblewrap";

    /// <summary>What the box does, or why there is none.</summary>
    public string Description { get; }

    internal static Box None(string why) => new(null, $"No box around ffmpeg: {why}. Argument lists, forced demuxers, the protocol list and limits still hold.");

    internal static Box Bubblewrap(string program) => new(program, "bubblewrap: no network, system read-only, only the job's folder writable.");

    /// <summary>The command that runs a program inside the box.</summary>
    internal IEnumerable<string> Wrap(string program, string folder, IEnumerable<string> inputs)
    {
        if (_bubblewrap is null)
        {
            return [program];
        }

        List<string> command = [_bubblewrap, "--unshare-all", "--new-session", "--proc", "/proc", "--dev", "/dev"];
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

        command.AddRange(["--remount-ro", "/", "--chdir", folder, "--", program]);
        return command;
    }
}
