using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Filters;

/// <summary>Keeps refusals readable: what a caller sent is repeated to it, but not pages of it.</summary>
internal static class Brief
{
    private const int Longest = 2_000;

    /// <summary>The text, cut when it is longer than a refusal needs.</summary>
    public static string Text(string text, int longest = Longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return $"{text[..end]}... ({text.Length} characters)";
    }

    /// <summary>The facts with every text in them so.</summary>
    public static JsonNode? Facts(object? facts) => facts is null ? null : Cut(JsonSerializer.SerializeToNode(facts, Wire.Json));

    private static JsonNode? Cut(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    members.Remove(name);
                    members[Text(name)] = Cut(value);
                }

                return members;
            case JsonArray items:
                return new JsonArray([.. items.ToList().Select(item =>
                {
                    items.Remove(item);
                    return Cut(item);
                })]);
            case JsonValue value when value.TryGetValue(out string? text):
                return JsonValue.Create(Text(text));
            default:
                return node;
        }
    }
}
