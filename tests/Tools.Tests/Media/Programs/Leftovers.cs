namespace Pipeline.Tools.Tests.Media.Programs;

/// <summary>Processes that still run although their job is over.</summary>
internal static class Leftovers
{
    /// <summary>Command lines that name a folder.</summary>
    public static IReadOnlyList<string> Under(string folder) => [.. Directory.EnumerateDirectories("/proc").Where(process => Path.GetFileName(process).All(char.IsDigit)).Select(Command).Where(command => command.Contains(folder, StringComparison.Ordinal))];

    /// <summary>Waits until there are none; a test that hangs here has leaked a process.</summary>
    public static async Task GoneAsync(string folder, CancellationToken cancellation)
    {
        while (Under(folder).Count > 0)
        {
            await Task.Delay(20, cancellation);
        }
    }

    private static string Command(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }
}
