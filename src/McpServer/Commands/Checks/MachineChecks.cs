using System.Runtime.InteropServices;
using Pipeline.McpServer.Stdio;
using Pipeline.Storage.State;

namespace Pipeline.McpServer.Commands.Checks;

/// <summary>The runtime and the store's engine.</summary>
internal static class MachineChecks
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(DirectoryInfo scratch) =>
    [
        new("pipeline", Standing.Ok, $"{Build.Version} in {AppContext.BaseDirectory}"),
        new(".NET", Standing.Ok, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}"),
        await SqliteAsync(scratch).ConfigureAwait(false),
    ];

    private static async Task<Finding> SqliteAsync(DirectoryInfo scratch)
    {
        try
        {
            var database = SqliteDatabase.Open(Path.Combine(scratch.FullName, "check.db"), TimeProvider.System);
            await database.DisposeAsync().ConfigureAwait(false);
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
