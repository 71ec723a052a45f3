using System.Text.Json;
using ModelContextProtocol.Server;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools;

/// <summary>A tool as the server keeps it.</summary>
/// <param name="Tool">The SDK's tool, whose input schema is the short one that models read.</param>
/// <param name="About">What the house knows of it.</param>
/// <param name="Schema">The whole input schema, which arguments are held against.</param>
/// <param name="Types">What each of the tool's own arguments is read as.</param>
public sealed record ShelvedTool(McpServerTool Tool, ToolAttribute About, JsonElement Schema, IReadOnlyDictionary<string, Type> Types)
{
    public string Name => Tool.ProtocolTool.Name;
}
