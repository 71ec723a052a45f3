using System.Diagnostics;

namespace Pipeline.McpServer.Tests.Stdio;

/// <summary>A data folder for one test. Its owner ends when the folder goes, so none is left behind.</summary>
internal sealed class DataHome : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pipeline-doors-").FullName;

    public DataHome(int depth = 0) => Data = Path.Combine([_root, .. Enumerable.Repeat(new string('d', 40), depth), "data"]);

    public string Data { get; }

    public static bool Runs(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    public void Dispose()
    {
        for (var tries = 0; Directory.Exists(_root) && tries < 20; tries++)
        {
            try
            {
                Directory.Delete(_root, recursive: true);
            }
            catch (IOException)
            {
                // The owner wrote while we removed; once more.
            }
        }
    }
}
