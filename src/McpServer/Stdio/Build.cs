using System.Reflection;

namespace Pipeline.McpServer.Stdio;

/// <summary>
/// Which build runs, so that an owner and a relay can tell who is older. The stamp is when the newest of our own files was written
/// (unix milliseconds): it grows with each build on a machine.
/// </summary>
internal static class Build
{
    /// <summary>The running build's stamp.</summary>
    public static long Stamp { get; } = Newest();

    /// <summary>The version people read.</summary>
    public static string Version { get; } = typeof(Build).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    private static long Newest()
    {
        var newest = DateTimeOffset.UnixEpoch;
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*ipeline*.dll"))
        {
            var written = new DateTimeOffset(File.GetLastWriteTimeUtc(file));
            newest = written > newest ? written : newest;
        }

        return newest.ToUnixTimeMilliseconds();
    }
}
