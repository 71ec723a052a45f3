namespace Pipeline.Tools.Tests.Serving;

/// <summary>The source tree that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>True when tests should rewrite what they compare with.</summary>
    public static bool Rewrites => Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1";

    /// <summary>Holds <paramref name="text"/> against the file, or writes it when snapshots are updated.</summary>
    public static void Matches(string file, string text)
    {
        var path = Path.Combine(Root, file);
        if (Rewrites)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return;
        }

        Assert.True(File.Exists(path), $"{file} is missing: UPDATE_SNAPSHOTS=1 writes it.");
        Assert.True(File.ReadAllText(path) == text, $"{file} has drifted: UPDATE_SNAPSHOTS=1 rewrites it, then read the difference before you commit.");
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests run from within the source tree.");
    }
}
