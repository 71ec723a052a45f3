using System.Text;
using System.Text.Json;
using Pipeline.McpServer.Serving;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Tests.Snapshots;

/// <summary>Writes docs/tools.md from the tools themselves.</summary>
internal static class ToolReference
{
    public static string Write(ToolShelf shelf)
    {
        var text = new StringBuilder();
        text.Append("# Tools\n\nWritten from the tools' own schemas by the test `SnapshotTests` (`UPDATE_SNAPSHOTS=1 ./pipeline test`). Do not edit.\n");
        text.Append("\nEvery tool that changes something also takes `idempotency_key` and `agent`. A tool marked *admin* is for administrators and not in the default list.\n");
        foreach (var set in shelf.All.GroupBy(tool => tool.About.Toolset).OrderBy(set => set.Key))
        {
            text.Append($"\n## {Wire.Name(set.Key)}\n");
            foreach (var tool in set)
            {
                Append(text, tool.Tool.ProtocolTool, tool.Schema, tool.About);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, ModelContextProtocol.Protocol.Tool tool, JsonElement input, ToolAttribute about)
    {
        text.Append($"\n### {tool.Name}{(about.Admin ? " *(admin)*" : "")}\n\n{tool.Description}\n\n| argument | type | |\n| --- | --- | --- |\n");
        string?[] required = input.TryGetProperty("required", out var names) ? [.. names.EnumerateArray().Select(name => name.GetString())] : [];
        foreach (var argument in input.GetProperty("properties").EnumerateObject())
        {
            var told = argument.Value.TryGetProperty("description", out var description) ? description.GetString()!.Replace("|", "\\|", StringComparison.Ordinal) : "";
            var standard = argument.Value.TryGetProperty("default", out var value) && value.ValueKind != JsonValueKind.Null ? $" Default {value}." : "";
            text.Append($"| `{argument.Name}`{(required.Contains(argument.Name) ? "" : "?")} | {Type(argument.Value)} | {told}{standard} |\n");
        }

        var results = tool.OutputSchema?.TryGetProperty("properties", out var properties) == true ? properties.EnumerateObject().Select(property => $"`{property.Name}`") : [];
        text.Append($"\nResult: {string.Join(", ", results)}.\n");
    }

    private static string Type(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var allowed))
        {
            return string.Join(", ", allowed.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()));
        }

        var type = schema.TryGetProperty("type", out var named) ? named : default;
        var name = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().First().GetString() : type.ValueKind == JsonValueKind.String ? type.GetString() : "any";
        return name == "array" && schema.TryGetProperty("items", out var items) ? $"list of {Type(items)}" : name!;
    }
}
