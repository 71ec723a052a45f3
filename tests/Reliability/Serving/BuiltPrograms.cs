using System.Diagnostics;

namespace Pipeline.Reliability.Serving;

/// <summary>Where the rig's programs lie once they are built, and how they are started.</summary>
public static class BuiltPrograms
{
    /// <summary>The rig itself, which runs the clients.</summary>
    public static string Rig { get; } = Path.Combine(AppContext.BaseDirectory, "Pipeline.Reliability.dll");

    /// <summary>The server that can be made to fail.</summary>
    public static string Faulty => Find("Reliability.Host", "pipeline-faulty.dll");

    /// <summary>The same without some of its guards.</summary>
    public static string Unguarded => Find("Reliability.Unguarded", "pipeline-unguarded.dll");

    /// <summary>Starts a program: its three streams are ours, and the runtime is told to start fast rather than to run fast.</summary>
    /// <param name="program">Its file.</param>
    /// <param name="arguments">Its words.</param>
    /// <param name="environment">Added to ours.</param>
    /// <param name="into">What stands before the command, so that it lives elsewhere; nothing to live here.</param>
    public static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string>? into = null)
    {
        string[] words = [.. into ?? [], "dotnet", program, .. arguments];
        var start = Piped(words[0], words[1..]);
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Starts a program of the system: its three streams are ours.</summary>
    public static Process StartOther(string program, IEnumerable<string> words) => Process.Start(Piped(program, words))!;

    private static ProcessStartInfo Piped(string program, IEnumerable<string> words) =>
        new(program, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

    // Built beside whoever runs this, else as the newest build of any kind.
    private static string Find(string project, string file)
    {
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var folder = Path.Combine(Root(), "tests", project, "bin");
        var beside = Path.Combine(folder, configuration, "net10.0", file);
        return File.Exists(beside) ? beside
            : Directory.Exists(folder) && Directory.EnumerateFiles(folder, file, SearchOption.AllDirectories).MaxBy(File.GetLastWriteTimeUtc) is { } any ? any
            : throw new FileNotFoundException($"{file} is not built; run `dotnet build tests/{project}`.");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The rig runs outside the repository.");
        }

        return folder.FullName;
    }
}
