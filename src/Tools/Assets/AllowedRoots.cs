using Pipeline.Storage;

namespace Pipeline.Tools.Assets;

/// <summary>
/// The directories that a caller may read from or write to. Paths are judged twice: as written, before anything is touched, and as opened, when
/// every link has been followed. The whole disk, the home directory and the data folder are never allowed, whatever the list says.
/// </summary>
internal sealed class AllowedRoots(IEnumerable<string> roots, string setting, DataFolder data)
{
    private readonly string[] _written = [.. roots.Where(Path.IsPathRooted).Select(root => Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)))];

    /// <summary>Refuses a path that is not absolute or not, as written, under a root; returns it without '.' and '..'.</summary>
    public string CheckWritten(string path)
    {
        if (path.Length == 0 || path.Any(char.IsControl) || !Path.IsPathRooted(path))
        {
            throw new PathRefusedError(path, "is not an absolute path", setting);
        }

        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Usable().Any(root => IsUnder(full, root.Written) || IsUnder(full, root.Real)) ? full : throw Outside(path);
    }

    /// <summary>Refuses what was opened when it really is elsewhere.</summary>
    public void CheckOpened(string path, string? real)
    {
        if (real is null || !Usable().Any(root => IsUnder(real, root.Real) || real == root.Real) || IsUnder(real, Real(data.Root)) || real == Real(data.Root))
        {
            throw Outside(path);
        }
    }

    private PathRefusedError Outside(string path) => new(path, "is not in a directory that you may use", setting);

    private IEnumerable<(string Written, string Real)> Usable() =>
        from root in _written
        where Directory.Exists(root)
        let real = Real(root)
        where !Forbidden().Any(forbidden => forbidden == real || IsUnder(forbidden, real) && forbidden != Real(data.Root)) && !IsUnder(real, Real(data.Root))
        select (root, real);

    private IEnumerable<string> Forbidden() =>
        new[] { "/", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), data.Root }.Where(path => path.Length > 0 && Directory.Exists(path)).Select(Real);

    private static bool IsUnder(string path, string root) => path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Real(string directory)
    {
        using var handle = OperatingSystem.IsLinux() ? OpenedFile.TryOpen(directory) : null;
        return (handle is null ? null : OpenedFile.RealPath(handle, directory)) ?? directory;
    }
}
