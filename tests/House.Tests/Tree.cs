namespace Pipeline.House.Tests;

/// <summary>The repository's files.</summary>
internal static class Tree
{
    private static readonly HashSet<string> Made = ["bin", "obj", ".git", ".build", ".vs", ".idea", "TestResults", "node_modules", "pipeline-out"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every file of the repository, by its path from the root with '/'.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    /// <summary>Every C# file under src, tests and bench.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } =
        [.. Files.Where(path => path.EndsWith(".cs", StringComparison.Ordinal)).Select(path => SourceFile.Read(Root, path))];

    /// <summary>The files of the product itself.</summary>
    public static IEnumerable<SourceFile> Product => Under("src/");

    public static IEnumerable<SourceFile> Under(string folder) => Sources.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run outside the repository.");
        }

        return folder.FullName;
    }

    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFileSystemEntries(folder)
        .Where(entry => !Made.Contains(Path.GetFileName(entry)))
        .SelectMany(entry => Directory.Exists(entry) && new FileInfo(entry).LinkTarget is null
            ? Walk(entry)
            : [Path.GetRelativePath(Root, entry).Replace('\\', '/')]);
}
