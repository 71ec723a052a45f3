using System.Globalization;

namespace Pipeline.Bench.Loads;

/// <summary>Processor time of the PostgreSQL servers on this machine, as the system accounts for it; nothing else may be using them.</summary>
internal static class PostgresCpu
{
    private const double TicksPerSecond = 100; // USER_HZ, fixed for /proc

    public static TimeSpan Read() => TimeSpan.FromSeconds(Directory.EnumerateDirectories("/proc").Where(static folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Sum(Ticks) / TicksPerSecond);

    private static long Ticks(string process)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(process, "stat"));
            var name = stat.LastIndexOf(')');
            if (!stat[..name].EndsWith("(postgres", StringComparison.Ordinal))
            {
                return 0;
            }

            var fields = stat[(name + 2)..].Split(' ');
            return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }
}
