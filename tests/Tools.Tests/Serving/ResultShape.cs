using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelContextProtocol.Client;

namespace Pipeline.Tools.Tests.Serving;

/// <summary>Holds every result that a test sees against the output schema that the tool promises.</summary>
internal static class ResultShape
{
    private static readonly ConditionalWeakTable<McpClient, Task<Dictionary<string, JsonElement>>> Schemas = [];

    public static async Task CheckAsync(McpClient client, string tool, JsonElement result)
    {
        var schemas = await Schemas.GetValue(client, LoadAsync);
        if (schemas.TryGetValue(tool, out var schema))
        {
            Check(schema, result, tool);
        }
    }

    private static async Task<Dictionary<string, JsonElement>> LoadAsync(McpClient client) =>
        (await client.ListToolsAsync()).Where(tool => tool.ProtocolTool.OutputSchema is not null).ToDictionary(tool => tool.Name, tool => tool.ProtocolTool.OutputSchema!.Value);

    private static void Check(JsonElement schema, JsonElement value, string at)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String)
        {
            Assert.True(Fits(type.GetString()!, value), $"{at} should be {type}, but is {value}");
        }

        if (schema.TryGetProperty("required", out var required) && value.ValueKind == JsonValueKind.Object)
        {
            Assert.All(required.EnumerateArray(), name => Assert.True(value.TryGetProperty(name.GetString()!, out _), $"{at} lacks {name}"));
        }

        if (schema.TryGetProperty("properties", out var properties) && value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject().Where(member => properties.TryGetProperty(member.Name, out _)))
            {
                Check(properties.GetProperty(member.Name), member.Value, $"{at}.{member.Name}");
            }
        }

        if (schema.TryGetProperty("items", out var items) && value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                Check(items, item, at + "[]");
            }
        }
    }

    private static bool Fits(string type, JsonElement value) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => true,
    };
}
