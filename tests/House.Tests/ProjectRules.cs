using System.Xml.Linq;

namespace Pipeline.House.Tests;

public sealed class ProjectRules
{
    private static readonly Dictionary<string, string[]> May = new()
    {
        ["Storage"] = [],
        ["Index"] = ["Storage"],
        ["Tools"] = ["Index", "Storage"],
        ["Agents"] = [],
        ["McpServer"] = ["Agents", "Tools"],
    };

    private static IEnumerable<string> Projects => Tree.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal));

    [Fact]
    public void Projects_point_one_way() => Rule.Holds(
        from path in Projects
        where path.StartsWith("src/", StringComparison.Ordinal)
        let name = Path.GetFileNameWithoutExtension(path)
        from reference in References(path, "ProjectReference").Select(include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))
        where !May.GetValueOrDefault(name, []).Contains(reference)
        select $"{path} -> {reference}",
        "Storage <- Index <- Tools <- McpServer; Agents speak MCP only. Move the code, not the arrow.");

    [Fact]
    public void Agents_know_the_server_through_MCP_only() => Rule.Holds(
        from file in Tree.Under("src/Agents/")
        where file.Text.Contains("Pipeline.Tools", StringComparison.Ordinal) || file.Text.Contains("Pipeline.Storage", StringComparison.Ordinal)
            || file.Text.Contains("Pipeline.McpServer", StringComparison.Ordinal) || file.Text.Contains("Pipeline.Index", StringComparison.Ordinal)
        select file.Path,
        "An agent calls tools; it shares no code with the server.");

    [Fact]
    public void Package_versions_stand_in_one_place() => Rule.Holds(
        from path in Projects
        from reference in XDocument.Parse(Tree.Read(path)).Descendants("PackageReference")
        where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
        select $"{path}: {reference.Attribute("Include")?.Value}",
        "Put the version into Directory.Packages.props.");

    [Fact]
    public void Every_package_version_is_used()
    {
        var used = Projects.Append("Directory.Build.props").Append("tests/Directory.Build.props").SelectMany(path => References(path, "PackageReference")).ToHashSet();
        Rule.Holds(References("Directory.Packages.props", "PackageVersion").Where(name => !used.Contains(name) && name is not ("FsCheck" or "FSharp.Core")),
            "Take the unused version out of Directory.Packages.props.");
    }

    [Fact]
    public void Every_project_is_in_the_solution() => Rule.Holds(
        Projects.Where(path => !Tree.Read("Pipeline.sln").Contains(path.Replace('/', '\\'), StringComparison.Ordinal)),
        "Add the project to Pipeline.sln, or nobody builds it.");

    [Fact]
    public void Tests_mirror_what_they_test() => Rule.Holds(
        from file in Tree.Under("tests/")
        where file.Folders.Length > 2 && file.Folders[1].EndsWith(".Tests", StringComparison.Ordinal) && file.Folders[2] is not ("Serving" or "Snapshots")
        let tested = file.Folders[1].Replace(".Tests", "", StringComparison.Ordinal)
        where !new[] { "src", "tests" }.Any(home => Directory.Exists(Path.Combine([Tree.Root, home, tested, .. file.Folders[2..]])))
        select file.Path,
        "Give the test the folder of what it tests; Serving holds the test host, Snapshots what all tools have in common.");

    private static IEnumerable<string> References(string path, string kind) =>
        XDocument.Parse(Tree.Read(path)).Descendants(kind).Select(reference => reference.Attribute("Include")!.Value);
}
