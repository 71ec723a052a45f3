using System.Diagnostics;

namespace Pipeline.Bench.Loads;

/// <summary>What the disk itself does: append a page, flush it, again.</summary>
internal static class FsyncRate
{
    private const int Page = 4096;

    /// <summary>Flushes a second in <paramref name="folder"/>, one after the other.</summary>
    public static double Measure(string folder, double seconds)
    {
        var page = new byte[Page];
        using var file = new FileStream(Path.Combine(folder, "flushes"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var started = Stopwatch.GetTimestamp();
        var flushes = 0;
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            file.Write(page);
            file.Flush(flushToDisk: true);
            flushes++;
        }

        return flushes / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
