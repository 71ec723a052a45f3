using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tools;

/// <summary>
/// Schemas as clients read them: what only repeats itself is left out, because every byte of the list stands in every conversation.
/// Arguments are held against the whole schema all the same.
/// </summary>
internal static class ShortSchema
{
    // Told once in the server's instructions instead of once a tool.
    private static readonly string[] Shared =
        ["lock_token", "if_version", "claim", "agent", "idempotency_key", "workspace", "run_id", "step_id", "generation", "limit", "cursor"];

    /// <summary>An input schema. An argument that is an object, or a list of objects, is told by its description, which gives the shape in a line.</summary>
    public static JsonElement OfInput(JsonNode whole)
    {
        var brief = whole.DeepClone().AsObject();
        Shorten(brief);
        foreach (var (name, argument) in (brief["properties"] as JsonObject ?? []).ToList())
        {
            foreach (var shape in new[] { argument as JsonObject, argument?["items"] as JsonObject }.OfType<JsonObject>())
            {
                shape.Remove("properties");
                shape.Remove("required");
            }

            if (Shared.Contains(name) || argument!["description"]?.GetValue<string>() is not { } words || AddsNothing(name, words))
            {
                argument!.AsObject().Remove("description");
            }
        }

        return JsonSerializer.SerializeToElement(brief);
    }

    // A few plain words beside a name that says as much; limits, alternatives and names of tools stay.
    private static bool AddsNothing(string name, string words) => name switch
    {
        "asset" or "output" when words is "workspace/path." or "workspace/path, optionally @version." or "workspace/path to write." => true,
        _ => words.Split(' ') is { Length: <= 3 } few && !few.Contains("or") && words.All(letter => char.IsAsciiLetter(letter) || letter is ' ' or '.' or ',' or '\''),
    };

    /// <summary>
    /// An output schema. Members that are null are left out of results, so they are no null type here but not required. At the root nothing is
    /// required: a refusal is structured too, and clients hold it against this very schema before they show it.
    /// </summary>
    public static JsonElement OfOutput(JsonElement whole)
    {
        var brief = JsonNode.Parse(whole.GetRawText())!;
        Require(brief);
        Shorten(brief);
        brief.AsObject().Remove("required");
        return JsonSerializer.SerializeToElement(brief);
    }

    private static void Require(JsonNode? node)
    {
        if (node is JsonObject schema && schema["properties"] is JsonObject properties && schema["required"] is JsonArray required)
        {
            schema["required"] = new JsonArray([.. required.Where(name => !MayBeMissing(properties[name!.GetValue<string>()])).Select(name => name!.DeepClone())]);
        }

        foreach (var child in Children(node))
        {
            Require(child);
        }
    }

    private static void Shorten(JsonNode? node)
    {
        if (node is JsonObject schema)
        {
            if (IsNullable(schema))
            {
                schema["type"] = schema["type"]!.AsArray().First(type => type!.GetValue<string>() != "null")!.DeepClone();
            }

            if (schema.TryGetPropertyValue("default", out var standard) && standard is null)
            {
                schema.Remove("default");
            }

            if (schema["enum"] is JsonArray allowed && allowed.Contains(null))
            {
                schema["enum"] = new JsonArray([.. allowed.Where(one => one is not null).Select(one => one!.DeepClone())]);
            }

            // Before 2026-07-28 a member's schema must be an object.
            foreach (var (name, _) in (schema["properties"] as JsonObject ?? []).Where(member => member.Value?.GetValueKind() == JsonValueKind.True).ToList())
            {
                schema["properties"]![name] = new JsonObject();
            }

            if (schema["additionalProperties"] is JsonValue closed && closed.GetValueKind() == JsonValueKind.False)
            {
                schema.Remove("additionalProperties");
            }
        }

        foreach (var child in Children(node))
        {
            Shorten(child);
        }
    }

    // What is of any type may be null, and what is null is left out.
    private static bool MayBeMissing(JsonNode? schema) => schema is not JsonObject known || !known.ContainsKey("type") || IsNullable(schema);

    private static bool IsNullable(JsonNode? schema) =>
        schema is JsonObject known && known["type"] is JsonArray { Count: 2 } types && types.Any(type => type!.GetValue<string>() == "null");

    private static List<JsonNode?> Children(JsonNode? node) => node switch
    {
        JsonObject schema => [.. schema.Where(member => member.Key is not ("default" or "enum" or "required")).Select(member => member.Value)],
        JsonArray list => [.. list],
        _ => [],
    };
}
