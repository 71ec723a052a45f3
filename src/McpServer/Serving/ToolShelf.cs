using System.Collections.Frozen;
using ModelContextProtocol.Server;
using Pipeline.Tools;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Serving;

/// <summary>All tools, made once, with what the house knows of each.</summary>
public sealed class ToolShelf
{
    private readonly FrozenDictionary<string, (McpServerTool Tool, ToolAttribute About)> _tools;

    public ToolShelf(IEnumerable<ToolEntry> entries)
    {
        var made = entries.Select(entry => (Tool: ToolFactory.Make(entry), entry.About)).ToArray();
        All = [.. made.Select(tool => tool.Tool)];
        _tools = made.ToFrozenDictionary(tool => tool.Tool.ProtocolTool.Name);
    }

    /// <summary>Every tool in the order of the slices.</summary>
    public IReadOnlyList<McpServerTool> All { get; }

    /// <summary>The tool of that name, listed or not; null when there is none.</summary>
    public (McpServerTool Tool, ToolAttribute About)? Find(string name) => _tools.TryGetValue(name, out var found) ? found : null;

    /// <summary>The tools that a connection lists.</summary>
    public IEnumerable<McpServerTool> ListedFor(Connection connection) => All.Where(tool =>
    {
        var name = tool.ProtocolTool.Name;
        var about = _tools[name].About;
        return (connection.Toolsets.Contains(about.Admin ? Toolset.Admin : about.Toolset) || connection.Tools.Contains(name))
            && !connection.ExcludedTools.Contains(name) && !(connection.ReadOnly && about.Changes);
    });
}
