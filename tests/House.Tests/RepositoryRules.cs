using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pipeline.House.Tests;

public sealed partial class RepositoryRules
{
    private static IEnumerable<(string Path, string Text)> Words =>
        from path in Tree.Files
        where !path.EndsWith(nameof(RepositoryRules) + ".cs", StringComparison.Ordinal)
        where Path.GetExtension(path) is not (".png" or ".jpg" or ".mp4" or ".wav" or ".woff2" or ".ico" or ".zip")
        select (path, Tree.Read(path));

    [Fact]
    public void No_file_knows_the_machine_it_was_written_on() => Rule.Holds(
        from file in Words from Match match in MachinePath().Matches(file.Text) select $"{file.Path}: {match.Value}",
        "Use a path relative to the repository, the data folder or an option.");

    [Fact]
    public void No_file_names_a_registry() => Rule.Holds(
        from file in Words from Match match in Registry().Matches(file.Text) select $"{file.Path}: {match.Value}",
        "Leave it to the machine's own settings where packages come from.");

    [Fact]
    public void No_file_tells_how_it_was_made() => Rule.Holds(
        from file in Words from Match match in Making().Matches(file.Text) select $"{file.Path}: {match.Value}",
        "Write what the thing is and why, not who made it and how.");

    [Fact]
    public void The_readme_and_the_continuous_run_name_the_same_test_command() => Rule.Holds(
        new[] { "README.md", ".ci/run" }.Where(path => !Tree.Read(path).Contains("./pipeline test", StringComparison.Ordinal)),
        "`./pipeline test` is the one test command.");

    [Fact]
    public void Every_client_reads_the_same_entry()
    {
        using var all = JsonDocument.Parse(Tree.Read("mcp.json"));
        foreach (var key in new[] { "mcpServers", "servers" })
        {
            var entry = Assert.Single(all.RootElement.GetProperty(key).EnumerateObject());
            Assert.Equal("pipeline", entry.Name);
            Assert.Equal("./pipeline", entry.Value.GetProperty("command").GetString());
            Assert.Equal(["stdio"], entry.Value.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()));
        }

        Rule.Holds(new[] { ".mcp.json", ".vscode/mcp.json", ".cursor/mcp.json" }.Where(path => Tree.Read(path) != Tree.Read("mcp.json")),
            "Make it a symbolic link to mcp.json.");
    }

    [GeneratedRegex(@"(?<![\w./])/(work|root)/|(?<![\w./])/home/(?!you\b|me\b|user\b)\w|/Users/(?!you\b|me\b)\w|[A-Z]:\\Users\\(?!you\b|me\b)\w", RegexOptions.None)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"api\.nuget\.org|registry\.npmjs|deb\.debian\.org|proxy\.golang\.org|pypi\.org|files\.pythonhosted", RegexOptions.IgnoreCase)]
    private static partial Regex Registry();

    [GeneratedRegex(@"\bas an AI\b|\b(this|earlier|previous|coding) session\b|\bthis conversation\b|\bdesign papers?\b|shared/design|\bissues show\b|\bworktree\b|\bCEO\b|co-authored-by|generated (by|with) (claude|chatgpt|an? llm)", RegexOptions.IgnoreCase)]
    private static partial Regex Making();
}
