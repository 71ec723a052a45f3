using System.Text.Json;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Filters;

/// <summary>
/// Checks arguments against the part of JSON Schema 2020-12 that the tools' own input schemas use: type, enum, required, properties,
/// additionalProperties, items. Faults are named by their path.
/// </summary>
internal static class SchemaCheck
{
    /// <summary>Returns when the arguments fit.</summary>
    /// <param name="schema">The tool's input schema.</param>
    /// <param name="arguments">What came.</param>
    /// <param name="alsoAccepted">Names of text arguments that are taken without standing in the schema.</param>
    public static void Require(JsonElement schema, IDictionary<string, JsonElement> arguments, IReadOnlyCollection<string> alsoAccepted)
    {
        var properties = schema.TryGetProperty("properties", out var known) ? known : default;
        foreach (var (name, value) in arguments)
        {
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var expected))
            {
                CheckMember(schema, expected, name, value, name);
            }
            else if (!alsoAccepted.Contains(name))
            {
                throw Unknown(name, name, properties);
            }
            else if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            {
                throw new InvalidArgumentError(name, $"'{name}' must be text.");
            }
        }

        RequireAll(schema, arguments.ContainsKey, "");
    }

    /// <summary>Whether the schema asks for the member.</summary>
    public static bool IsRequired(JsonElement schema, string name) =>
        schema.TryGetProperty("required", out var names) && names.EnumerateArray().Any(one => one.ValueEquals(name));

    // An optional member that is null is one that was left out.
    private static void CheckMember(JsonElement schema, JsonElement expected, string name, JsonElement value, string path)
    {
        if (IsRequired(schema, name) || value.ValueKind != JsonValueKind.Null)
        {
            Check(expected, value, path);
        }
    }

    private static void Check(JsonElement schema, JsonElement value, string path)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (schema.TryGetProperty("type", out var type) && !Fits(type, value))
        {
            throw new InvalidArgumentError(path, $"'{path}' must be {Expected(type)}, not {Seen(value)}.");
        }

        if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)))
        {
            throw new InvalidArgumentError(path, $"'{path}' must be one of {string.Join(", ", allowed.EnumerateArray().Where(one => one.ValueKind != JsonValueKind.Null))}.");
        }

        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var item))
        {
            var index = 0;
            foreach (var one in value.EnumerateArray())
            {
                var at = $"{path}[{index++}]";
                if (one.ValueKind == JsonValueKind.Null)
                {
                    throw new InvalidArgumentError(at, $"'{at}' is null; leave it out of the list.");
                }

                Check(item, one, at);
            }
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            CheckMembers(schema, value, path);
        }
    }

    private static void CheckMembers(JsonElement schema, JsonElement value, string path)
    {
        var properties = schema.TryGetProperty("properties", out var known) ? known : default;
        var others = schema.TryGetProperty("additionalProperties", out var additional) ? additional : default;
        foreach (var member in value.EnumerateObject())
        {
            var at = $"{path}.{member.Name}";
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(member.Name, out var expected))
            {
                CheckMember(schema, expected, member.Name, member.Value, at);
            }
            else if (others.ValueKind == JsonValueKind.False || (others.ValueKind == JsonValueKind.Undefined && properties.ValueKind == JsonValueKind.Object))
            {
                throw Unknown(at, member.Name, properties);
            }
            else
            {
                Check(others, member.Value, at);
            }
        }

        RequireAll(schema, name => value.TryGetProperty(name, out _), path + ".");
    }

    private static void RequireAll(JsonElement schema, Func<string, bool> has, string prefix)
    {
        if (schema.TryGetProperty("required", out var required)
            && required.EnumerateArray().Select(name => name.GetString()!).FirstOrDefault(name => !has(name)) is { } missing)
        {
            throw new InvalidArgumentError(prefix + missing, $"'{prefix}{missing}' is missing.");
        }
    }

    private static bool Fits(JsonElement type, JsonElement value) => type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().Any(one => Fits(one, value))
        : type.GetString() switch
        {
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "array" => value.ValueKind == JsonValueKind.Array,
            "object" => value.ValueKind == JsonValueKind.Object,
            "null" => value.ValueKind == JsonValueKind.Null,
            _ => true,
        };

    private static InvalidArgumentError Unknown(string path, string name, JsonElement properties)
    {
        string[] known = properties.ValueKind == JsonValueKind.Object ? [.. properties.EnumerateObject().Select(property => property.Name)] : [];
        return new($"There is no argument '{name}'. {(known.Length == 0 ? "None is taken here." : $"Known: {string.Join(", ", known)}.")}", new { argument = path, known });
    }

    private static string Expected(JsonElement type) => type.ValueKind == JsonValueKind.Array
        ? string.Join(" or ", type.EnumerateArray().Select(one => one.GetString()).Where(one => one != "null"))
        : type.GetString()!;

    private static string Seen(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "an integer" : "a number",
        JsonValueKind.String => "text",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => "null",
    };
}
