namespace Pipeline.McpServer.Commands.Checks;

/// <summary>The data folder: whether it can be written, who has it, how much room there is.</summary>
internal static class FolderChecks
{
    private const long Little = 5L << 30;

    public static IEnumerable<Finding> Run(string dataFolder)
    {
        var root = Path.GetFullPath(dataFolder);
        var existing = Existing(root);
        yield return Writable(root, existing);
        if (existing == root)
        {
            yield return Owner(root);
        }

        yield return Room(existing);
    }

    private static string Existing(string folder) => Directory.Exists(folder) ? folder : Existing(Path.GetDirectoryName(folder) ?? "/");

    private static Finding Writable(string root, string existing)
    {
        var attempt = Path.Combine(existing, $"owner.check.{Environment.ProcessId}");
        try
        {
            File.WriteAllText(attempt, "");
            File.Delete(attempt);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new("data folder", Standing.Missing, $"{root}: {failure.Message}", "Give --data DIR, or set PIPELINE_DATA to a folder that you can write.");
        }

        if (existing != root)
        {
            return new("data folder", Standing.Ok, $"{root} (will be made at the first use)");
        }

        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(root) & Others) != 0
            ? new("data folder", Standing.Note, $"{root} is open to other users", "The next owner closes it (mode 0700).")
            : new("data folder", Standing.Ok, root);
    }

    /// <summary>Asks the folder's lock, and lets it go at once.</summary>
    private static Finding Owner(string root)
    {
        var file = Path.Combine(root, "owner.lock");
        if (!File.Exists(file))
        {
            return Directory.EnumerateFileSystemEntries(root).Any()
                ? new("owner", Standing.Missing, "The folder holds something else than Pipeline's data.", "Give --data a folder that is new or empty.")
                : new("owner", Standing.Ok, "none yet");
        }

        try
        {
            using var probe = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return new("owner", Standing.Ok, "none now; the first client starts one");
        }
        catch (UnauthorizedAccessException)
        {
            return new("owner", Standing.Missing, "The folder belongs to another user.", "Give --data a folder of your own.");
        }
        catch (IOException)
        {
            return new("owner", Standing.Ok, "a running process has it; clients share that one");
        }
    }

    private static Finding Room(string existing)
    {
        var free = new DriveInfo(existing).AvailableFreeSpace;
        var gib = $"{free / (double)(1L << 30):0.0} GiB free";
        return free < Little ? new("disk", Standing.Note, gib, "Video needs room; name a folder on a larger disk with --data.") : new("disk", Standing.Ok, gib);
    }
}
