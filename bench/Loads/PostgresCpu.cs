using System.Globalization;
using Npgsql;

namespace Pipeline.Bench.Loads;

/// <summary>
/// Processor time of a database's server processes on this machine, as the system accounts for it. What the server does for all its databases, such as
/// writing pages out, is not in it.
/// </summary>
internal static class PostgresCpu
{
    private const double TicksPerSecond = 100; // USER_HZ, fixed for /proc

    public static Func<TimeSpan> Of(string connectionString)
    {
        var database = $" {new NpgsqlConnectionStringBuilder(connectionString).Database} ";
        return () => Read(database);
    }

    private static TimeSpan Read(string database) => TimeSpan.FromSeconds(Directory.EnumerateDirectories("/proc").Where(static folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Sum(process => Ticks(process, database)) / TicksPerSecond);

    private static long Ticks(string process, string database)
    {
        try
        {
            var title = File.ReadAllText(Path.Combine(process, "cmdline"));
            if (!title.StartsWith("postgres: ", StringComparison.Ordinal) || !title.Contains(database, StringComparison.Ordinal))
            {
                return 0;
            }

            var stat = File.ReadAllText(Path.Combine(process, "stat"));
            var name = stat.LastIndexOf(')');
            var fields = stat[(name + 2)..].Split(' ');
            return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }
}
