using System.Runtime.InteropServices;
using Pipeline.McpServer.Stdio;
using Pipeline.Storage.State;

namespace Pipeline.McpServer.Commands.Checks;

/// <summary>The runtime and the store's engine.</summary>
internal static class MachineChecks
{
    public static IEnumerable<Finding> Run(DirectoryInfo scratch)
    {
        yield return new("pipeline", Standing.Ok, $"{Build.Version} in {AppContext.BaseDirectory}");
        yield return new(".NET", Standing.Ok, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}");
        yield return Sqlite(scratch);
    }

    private static Finding Sqlite(DirectoryInfo scratch)
    {
        try
        {
            var database = SqliteDatabase.Open(Path.Combine(scratch.FullName, "check.db"), TimeProvider.System);
            database.DisposeAsync().AsTask().GetAwaiter().GetResult();
            var isMended = Version.TryParse(database.Version, out var version) && version >= new Version(3, 51, 3);
            return new("SQLite", Standing.Ok, $"{database.Version}, write-ahead log, synchronous=full; guard: one owning process, one writing connection, own checkpoints"
                + (isMended ? "" : " (needed before 3.51.3)"));
        }
        catch (StorageFailedException failure)
        {
            return new("SQLite", Standing.Missing, failure.Message, "A temporary database could not be opened; look at the disk that holds the temporary folder.");
        }
    }
}
