using System.Text.Json.Nodes;

namespace Pipeline.Tools;

/// <summary>
/// A result's schema as it travels: nulls are left out on the wire, so no property that may be null is required. Clients that hold results
/// against the schema would refuse them otherwise.
/// </summary>
internal static class ResultSchema
{
    private const int MaxHops = 8;

    /// <summary>The schema without demands that a left-out null would break.</summary>
    public static JsonNode Of(JsonNode schema)
    {
        Relax(schema, schema);
        return schema;
    }

    private static void Relax(JsonNode? node, JsonNode root)
    {
        if (node is JsonArray list)
        {
            foreach (var one in list)
            {
                Relax(one, root);
            }
        }

        if (node is not JsonObject schema)
        {
            return;
        }

        if (schema["required"] is JsonArray required && schema["properties"] is JsonObject properties)
        {
            string[] kept = [.. required.Select(name => name!.GetValue<string>()).Where(name => !MayBeNull(properties[name], root))];
            if (kept.Length == 0)
            {
                schema.Remove("required");
            }
            else
            {
                schema["required"] = new JsonArray([.. kept.Select(name => JsonValue.Create(name))]);
            }
        }

        foreach (var (_, part) in schema)
        {
            Relax(part, root);
        }
    }

    private static bool MayBeNull(JsonNode? property, JsonNode root)
    {
        for (var hops = 0; hops < MaxHops && property is JsonObject && property["$ref"]?.GetValue<string>() is { } path; hops++)
        {
            property = path.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate((JsonNode?)root, (at, part) => at switch
            {
                JsonObject inner => inner[part],
                JsonArray inner when int.TryParse(part, out var index) => inner[index],
                _ => null,
            });
        }

        return property is not JsonObject schema
            || (schema["type"], schema["anyOf"]) switch
            {
                (JsonArray types, _) => types.Any(type => type?.GetValue<string>() == "null"),
                (null, JsonArray choices) => choices.Any(choice => MayBeNull(choice, root)),
                (null, null) => schema["enum"] is not JsonArray values || values.Contains(null),
                (var type, _) => type?.GetValue<string>() == "null",
            };
    }
}
