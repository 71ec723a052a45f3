using System.Text.Json;
using ModelContextProtocol.Client;

namespace Pipeline.Tools.Tests.Serving;

/// <summary>Holds a result against the tool's output schema, as strict clients do.</summary>
internal static class ResultCheck
{
    private static readonly Dictionary<string, JsonElement?> Schemas = [];
    private static readonly SemaphoreSlim Turn = new(1, 1);

    public static async Task RequireAsync(McpClient client, string tool, JsonElement result)
    {
        if (await SchemaAsync(client, tool) is { } schema && Fault(result, schema, schema, "result") is { } fault)
        {
            Assert.Fail($"{tool} breaks its output schema: {fault}\n{result}");
        }
    }

    // What tools promise is the same in every house.
    private static async Task<JsonElement?> SchemaAsync(McpClient client, string tool)
    {
        await Turn.WaitAsync();
        try
        {
            if (!Schemas.TryGetValue(tool, out var schema))
            {
                schema = (await client.ListToolsAsync()).FirstOrDefault(one => one.Name == tool)?.ProtocolTool.OutputSchema;
                Schemas[tool] = schema;
            }

            return schema;
        }
        finally
        {
            Turn.Release();
        }
    }

    private static string? Fault(JsonElement value, JsonElement schema, JsonElement root, string at)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Fault(value, reference.GetString()!.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(root, (here, part) =>
                here.ValueKind == JsonValueKind.Array ? here[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : here.GetProperty(part)), root, at);
        }

        if (schema.TryGetProperty("type", out var type) && !Types(type).Contains(Kind(value)) && !(Kind(value) == "integer" && Types(type).Contains("number")))
        {
            return $"{at} is {Kind(value)}, not {type}";
        }

        if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)))
        {
            return $"{at} is {value}, not one of {allowed}";
        }

        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            return value.EnumerateArray().Select((item, index) => Fault(item, items, root, $"{at}[{index}]")).FirstOrDefault(fault => fault is not null);
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var missing = schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(name => name.GetString()!).FirstOrDefault(name => !value.TryGetProperty(name, out _)) : null;
        return missing is not null ? $"{at} has no {missing}"
            : !schema.TryGetProperty("properties", out var properties) ? null
            : value.EnumerateObject().Select(one => properties.TryGetProperty(one.Name, out var inner) ? Fault(one.Value, inner, root, $"{at}.{one.Name}") : null)
                .FirstOrDefault(fault => fault is not null);
    }

    private static IEnumerable<string?> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()) : [type.GetString()];

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.String => "string",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "null",
    };
}
