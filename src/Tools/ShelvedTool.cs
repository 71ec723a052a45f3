using System.Text.Json;
using ModelContextProtocol.Server;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools;

/// <summary>A tool as the server keeps it.</summary>
/// <param name="Tool">The SDK's tool, whose input schema is the short one that models read.</param>
/// <param name="About">What the house knows of it.</param>
/// <param name="Schema">The whole input schema, which arguments are held against.</param>
public sealed record ShelvedTool(McpServerTool Tool, ToolAttribute About, JsonElement Schema)
{
    public string Name => Tool.ProtocolTool.Name;
}
