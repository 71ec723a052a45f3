using System.Text.Json;

namespace Pipeline.McpServer.Filters;

/// <summary>
/// Many clients fill what they do not use with null: that is an argument, or a member of one, left out, and takes its default. What is needed
/// stays and is refused by name; what the schema does not describe, such as metadata, is the caller's own.
/// </summary>
internal static class NullArguments
{
    /// <summary>The arguments without those nulls.</summary>
    public static Dictionary<string, JsonElement> Without(IDictionary<string, JsonElement>? arguments, JsonElement schema) =>
        (arguments ?? new Dictionary<string, JsonElement>())
            .Where(pair => !IsLeftOut(schema, pair.Key, pair.Value))
            .ToDictionary(pair => pair.Key, pair => Member(schema, pair.Key) is { } expected && HasLeftOut(expected, pair.Value) ? Without(expected, pair.Value) : pair.Value);

    private static bool IsLeftOut(JsonElement schema, string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Null && Member(schema, name) is not null && !SchemaCheck.IsRequired(schema, name);

    private static JsonElement? Member(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var known) && known.TryGetProperty(name, out var member) ? member : null;

    private static JsonElement? Item(JsonElement schema) => schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("items", out var item) ? item : null;

    private static bool HasLeftOut(JsonElement schema, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(member =>
            IsLeftOut(schema, member.Name, member.Value) || (Member(schema, member.Name) is { } expected && HasLeftOut(expected, member.Value))),
        JsonValueKind.Array => Item(schema) is { } item && value.EnumerateArray().Any(one => HasLeftOut(item, one)),
        _ => false,
    };

    private static JsonElement Without(JsonElement schema, JsonElement value)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            Write(writer, schema, value);
        }

        using var document = JsonDocument.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement? schema, JsonElement value)
    {
        if (schema is not { } expected || value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            value.WriteTo(writer);
            return;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var one in value.EnumerateArray())
            {
                Write(writer, Item(expected), one);
            }

            writer.WriteEndArray();
            return;
        }

        writer.WriteStartObject();
        foreach (var member in value.EnumerateObject().Where(member => !IsLeftOut(expected, member.Name, member.Value)))
        {
            writer.WritePropertyName(member.Name);
            Write(writer, Member(expected, member.Name), member.Value);
        }

        writer.WriteEndObject();
    }
}
