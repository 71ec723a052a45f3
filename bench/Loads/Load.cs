using System.Diagnostics;

namespace Pipeline.Bench.Loads;

/// <summary>Many callers doing one thing again and again.</summary>
internal static class Load
{
    /// <summary>
    /// Runs <paramref name="callers"/> at once for <paramref name="seconds"/>, after a warm-up of a quarter of that.
    /// </summary>
    /// <param name="callers">How many at once.</param>
    /// <param name="seconds">Measured time.</param>
    /// <param name="cpu">The server's processor time so far.</param>
    /// <param name="databaseCpu">The database server's processor time so far, where there is one.</param>
    /// <param name="once">One operation of the caller of that number; false when there is nothing left to do.</param>
    public static async Task<LoadResult> RunAsync(int callers, double seconds, Func<TimeSpan> cpu, Func<int, Task<bool>> once, Func<TimeSpan>? databaseCpu = null)
    {
        await ForAsync(callers, seconds / 4, once);
        var (cpuBefore, databaseBefore) = (cpu(), databaseCpu?.Invoke());
        var started = Stopwatch.GetTimestamp();
        var latencies = await ForAsync(callers, seconds, once);
        var wall = Stopwatch.GetElapsedTime(started);
        latencies.Sort();
        return new(callers, latencies.Count, wall.TotalSeconds, (cpu() - cpuBefore).TotalSeconds, At(latencies, 0.5), At(latencies, 0.99))
        {
            DatabaseCpuSeconds = (databaseCpu?.Invoke() - databaseBefore)?.TotalSeconds,
        };
    }

    private static async Task<List<double>> ForAsync(int callers, double seconds, Func<int, Task<bool>> once)
    {
        var until = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var taken = new List<double>();
            while (Stopwatch.GetTimestamp() < until)
            {
                var started = Stopwatch.GetTimestamp();
                if (!await once(caller))
                {
                    break;
                }

                taken.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            return taken;
        })));
        return [.. all.SelectMany(static taken => taken)];
    }

    private static double At(List<double> sorted, double share) => sorted.Count == 0 ? 0 : sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)];
}
