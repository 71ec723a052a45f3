using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.McpServer.Commands.Calling;

/// <summary>What a schema says an argument is, and how a typed word becomes that.</summary>
public sealed class ArgumentKind
{
    private static readonly string[] Choices = ["anyOf", "oneOf"];

    private readonly HashSet<string> _types;
    private readonly ArgumentKind? _items;

    private ArgumentKind(HashSet<string> types, ArgumentKind? items) => (_types, _items) = (types, items);

    /// <summary>True for a switch, which needs no value.</summary>
    public bool IsFlag => _types.SetEquals(["boolean"]);

    /// <summary>The kind of the argument <paramref name="name"/> of a tool; of anything, when the schema does not say.</summary>
    public static ArgumentKind Of(JsonElement? schema, string name) =>
        schema is { } known && known.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var property)
            ? Of(property, known) : new([], null);

    /// <summary>The kind that a schema inside <paramref name="root"/> describes.</summary>
    public static ArgumentKind Of(JsonElement property, JsonElement root)
    {
        property = Resolve(property, root);
        var types = new HashSet<string>(StringComparer.Ordinal);
        ArgumentKind? items = null;
        foreach (var one in Alternatives(property).Select(one => Resolve(one, root)))
        {
            types.UnionWith(Types(one));
            items ??= one.TryGetProperty("items", out var item) && item.ValueKind == JsonValueKind.Object ? Of(item, root) : null;
        }

        types.Remove("null");
        return new(types, items);
    }

    /// <summary>The word as a value of this kind.</summary>
    /// <exception cref="WrongUsageException">It is none.</exception>
    public JsonNode? Read(string name, string text)
    {
        if (_types.Contains("string") && !(_types.Contains("array") && text.StartsWith('[')))
        {
            return JsonValue.Create(text);
        }

        if (_types.Contains("array") && !text.StartsWith('['))
        {
            return new JsonArray([.. Split(text).Select(item => (_items ?? new([], null)).Read(name, item))]);
        }

        var value = Parse(text);
        return Fits(value) ? value
            : _types.Count == 0 ? value ?? JsonValue.Create(text)
            : throw new WrongUsageException($"--{name} is {this}, not '{text}'.");
    }

    public override string ToString() => _types.Count == 0 ? "any value"
        : string.Join(" or ", _types.Order(StringComparer.Ordinal).Select(type => type switch
        {
            "array" => _items is null || _items._types.Count == 0 ? "a list" : $"a list, each {_items}",
            "object" => "a JSON object",
            "integer" => "a whole number",
            "number" => "a number",
            "boolean" => "true or false",
            "string" => "text",
            _ => type,
        }));

    // Objects hold commas of their own, so they come one by one.
    private IEnumerable<string> Split(string text) => _items?._types.Contains("object") == true ? [text]
        : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private bool Fits(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Number => _types.Contains("number") || (_types.Contains("integer") && value.AsValue().TryGetValue(out long _)),
        JsonValueKind.True or JsonValueKind.False => _types.Contains("boolean"),
        JsonValueKind.Object => _types.Contains("object"),
        JsonValueKind.Array => _types.Contains("array"),
        _ => false,
    };

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement Resolve(JsonElement schema, JsonElement root)
    {
        for (var hops = 0; hops < 8 && schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference) && reference.GetString() is { } path && path.StartsWith("#/", StringComparison.Ordinal); hops++)
        {
            schema = root;
            foreach (var part in path[2..].Split('/'))
            {
                schema = schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(part, out var inner) ? inner : default;
            }
        }

        return schema;
    }

    private static IEnumerable<JsonElement> Alternatives(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var choices = Choices.Where(word => schema.TryGetProperty(word, out _)).SelectMany(word => schema.GetProperty(word).EnumerateArray()).ToList();
        return choices.Count > 0 ? choices : [schema];
    }

    private static IEnumerable<string> Types(JsonElement schema) =>
        schema.ValueKind != JsonValueKind.Object ? []
        : schema.TryGetProperty("type", out var type)
            ? type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!]
        : schema.TryGetProperty("enum", out _) ? ["string"] : [];
}
