using System.Collections.Frozen;
using Pipeline.McpServer.Connections;
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

    /// <summary>The tools that a connection lists; others that its role allows may still be called.</summary>
    public IEnumerable<ShelvedTool> ListedFor(ConnectionLimits limits) => All.Where(tool =>
        (InToolset(limits, tool.About.Admin ? Toolset.Admin : tool.About.Toolset) || limits.Tools?.Contains(tool.Name) == true)
        && !limits.ExcludeTools.Contains(tool.Name) && !(limits.ReadOnly && tool.About.Changes));

    // When nobody chose: all but administration.
    private static bool InToolset(ConnectionLimits limits, Toolset toolset) => limits.Toolsets?.Contains(Wire.Name(toolset)) ?? (limits.Tools is null && toolset != Toolset.Admin);
}
