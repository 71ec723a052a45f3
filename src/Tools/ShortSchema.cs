using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tools;

/// <summary>
/// The input schema as models read it: what only repeats itself is left out, because every byte of the list stands in every conversation.
/// Arguments are held against the whole schema all the same.
/// </summary>
internal static class ShortSchema
{
    public static JsonNode Of(JsonNode whole)
    {
        var brief = whole.DeepClone();
        Shorten(brief);
        foreach (var argument in (brief["properties"] as JsonObject ?? []).Select(pair => pair.Value).OfType<JsonObject>())
        {
            // An argument that is an object is told by its description, which gives the shape in a line.
            argument.Remove("properties");
            argument.Remove("required");
            argument.Remove("additionalProperties");
        }

        return brief;
    }

    // An optional argument may always be null or left out, so that neither needs saying.
    private static void Shorten(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Shorten(item);
            }
        }
        else if (node is JsonObject schema)
        {
            if (schema["type"] is JsonArray types && types.Count == 2 && types.Any(type => type!.GetValue<string>() == "null"))
            {
                schema["type"] = types.First(type => type!.GetValue<string>() != "null")!.DeepClone();
            }

            if (schema.TryGetPropertyValue("default", out var standard) && standard is null)
            {
                schema.Remove("default");
            }

            if (schema["enum"] is JsonArray allowed && allowed.Contains(null))
            {
                schema["enum"] = new JsonArray([.. allowed.Where(one => one is not null).Select(one => one!.DeepClone())]);
            }

            foreach (var (name, member) in schema.ToList())
            {
                if (name is not "default" and not "enum" && member?.GetValueKind() is JsonValueKind.Object or JsonValueKind.Array)
                {
                    Shorten(member);
                }
            }
        }
    }
}
