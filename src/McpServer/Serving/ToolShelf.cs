using System.Collections.Frozen;
using Pipeline.Tools;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Serving;

/// <summary>All tools, made once, with what the house knows of each.</summary>
public sealed class ToolShelf
{
    private readonly FrozenDictionary<string, ShelvedTool> _tools;

    public ToolShelf(IEnumerable<ToolEntry> entries)
    {
        All = [.. entries.Select(ToolFactory.Make)];
        _tools = All.ToFrozenDictionary(tool => tool.Name);
    }

    /// <summary>Every tool in the order of the slices.</summary>
    public IReadOnlyList<ShelvedTool> All { get; }

    /// <summary>The tool of that name, listed or not; null when there is none.</summary>
    public ShelvedTool? Find(string name) => _tools.GetValueOrDefault(name);

    /// <summary>The tools that a connection lists.</summary>
    public IEnumerable<ShelvedTool> ListedFor(Connection connection) => All.Where(tool =>
        (connection.Toolsets.Contains(tool.About.Admin ? Toolset.Admin : tool.About.Toolset) || connection.Tools.Contains(tool.Name))
        && !connection.ExcludedTools.Contains(tool.Name) && !(connection.ReadOnly && tool.About.Changes));
}
