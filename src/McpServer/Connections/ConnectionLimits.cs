namespace Pipeline.McpServer.Connections;

/// <summary>What a connection may use. Null in a list means no limit of its own.</summary>
public sealed record ConnectionLimits
{
    /// <summary>Toolsets that are listed; null is the door's default.</summary>
    public IReadOnlyList<string>? Toolsets { get; init; }

    /// <summary>Single tools listed beside the toolsets.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>Tools that are neither listed nor callable.</summary>
    public IReadOnlyList<string> ExcludeTools { get; init; } = [];

    /// <summary>No tool that changes something may be called.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Folders that files may be imported from.</summary>
    public IReadOnlyList<string> ImportRoots { get; init; } = [];

    /// <summary>Folders that files may be exported to.</summary>
    public IReadOnlyList<string> ExportRoots { get; init; } = [];

    /// <summary>These limits made tighter by another's: what either forbids is forbidden.</summary>
    public ConnectionLimits NarrowedBy(ConnectionLimits other) => new()
    {
        Toolsets = Both(Toolsets, other.Toolsets),
        Tools = Both(Tools, other.Tools),
        ExcludeTools = [.. ExcludeTools.Union(other.ExcludeTools, StringComparer.Ordinal)],
        ReadOnly = ReadOnly || other.ReadOnly,
        ImportRoots = CommonFolders(ImportRoots, other.ImportRoots),
        ExportRoots = CommonFolders(ExportRoots, other.ExportRoots),
    };

    private static IReadOnlyList<string>? Both(IReadOnlyList<string>? one, IReadOnlyList<string>? other) =>
        one is null ? other : other is null ? one : [.. one.Intersect(other, StringComparer.Ordinal)];

    /// <summary>Of each pair of folders where one holds the other, the inner one.</summary>
    private static IReadOnlyList<string> CommonFolders(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        var common = new List<string>();
        foreach (var left in one.Select(Path.GetFullPath))
        {
            foreach (var right in other.Select(Path.GetFullPath))
            {
                if (Holds(left, right))
                {
                    common.Add(right);
                }
                else if (Holds(right, left))
                {
                    common.Add(left);
                }
            }
        }

        return [.. common.Distinct(StringComparer.Ordinal)];
    }

    private static bool Holds(string outer, string inner) => WithSeparator(inner).StartsWith(WithSeparator(outer), StringComparison.Ordinal);

    private static string WithSeparator(string folder) => Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar;
}
