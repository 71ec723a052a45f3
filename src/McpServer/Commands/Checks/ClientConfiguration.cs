using System.Text.Json.Nodes;
using Pipeline.McpServer.Serving;

namespace Pipeline.McpServer.Commands.Checks;

/// <summary>The configuration that plugs this build into a client, with absolute paths, and where it goes.</summary>
internal static class ClientConfiguration
{
    public static IReadOnlyList<string> Clients { get; } = ["claude-desktop", "claude-code", "vscode", "cursor"];

    /// <summary>The JSON document for a client.</summary>
    /// <param name="client">One of <see cref="Clients"/>.</param>
    /// <param name="dataFolder">A data folder to name; null for the default one.</param>
    public static JsonObject For(string client, string? dataFolder)
    {
        var entry = new JsonObject();
        if (client is not "claude-desktop")
        {
            entry["type"] = "stdio";
        }

        entry["command"] = Launcher();
        entry["args"] = dataFolder is null ? new JsonArray("stdio") : new JsonArray("stdio", "--data", Path.GetFullPath(dataFolder));
        return new() { [client == "vscode" ? "servers" : "mcpServers"] = new JsonObject { ["pipeline"] = entry } };
    }

    /// <summary>Where a person puts it.</summary>
    public static string Place(string client) => client switch
    {
        "claude-desktop" => $"""
            Put it into {DesktopFile()}
            (merge it into mcpServers if the file has some already), then restart Claude Desktop.
            """,
        "claude-code" => "Put it into .mcp.json at your project's root, or give the inner object to: claude mcp add-json pipeline '{...}' --scope user",
        "vscode" => "Put it into .vscode/mcp.json of your workspace, or into the file that the command 'MCP: Open User Configuration' opens.",
        _ => "Put it into ~/.cursor/mcp.json for all projects, or .cursor/mcp.json of one.",
    };

    private static string DesktopFile()
    {
        const string Name = "claude_desktop_config.json";
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OperatingSystem.IsMacOS() ? Path.Combine(home, "Library/Application Support/Claude", Name)
            : OperatingSystem.IsWindows() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "Claude", Name)
            : Path.Combine(home, ".config/Claude", Name);
    }

    /// <summary>The launcher that started this program, else the one above the build, else this program.</summary>
    private static string Launcher()
    {
        if (Settings.Read("PIPELINE_LAUNCHER") is { } given && File.Exists(given))
        {
            return Path.GetFullPath(given);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "pipeline")) && File.Exists(Path.Combine(folder.FullName, "global.json")))
            {
                return Path.Combine(folder.FullName, "pipeline");
            }
        }

        return Environment.ProcessPath!;
    }
}
