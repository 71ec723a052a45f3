using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>
/// Fills templates. A text that is one placeholder alone takes the value as it is, a number as a number; within other text it takes it as text.
/// Where a placeholder has no value, the whole text has none.
/// </summary>
/// <param name="valueOf">The value of a placeholder; null when there is none.</param>
public sealed partial class CallTemplate(Func<string, JsonNode?> valueOf)
{
    private const string Rest = "*", AsText = ":text";

    /// <summary>Fills an object and everything in it; members without a value are left out.</summary>
    public JsonObject Fill(JsonObject template)
    {
        var filled = Object(template);
        if (template[Rest] is JsonValue rest && Value(rest.GetValue<string>()) is JsonObject all)
        {
            var named = Names(template).ToHashSet(StringComparer.Ordinal);
            foreach (var (name, value) in all.Where(member => !filled.ContainsKey(member.Key) && !named.Contains(member.Key)).ToList())
            {
                filled[name] = value?.DeepClone();
            }
        }

        return filled;
    }

    /// <summary>Fills a text; null when it has no value.</summary>
    /// <param name="escape">What is done to each value; null for nothing.</param>
    public string? Text(string template, Func<string, string>? escape = null)
    {
        var lacks = false;
        var text = Placeholder().Replace(template, match =>
        {
            var value = Pointers.AsText(valueOf(match.Groups[1].Value));
            lacks |= value is null;
            return value is null ? "" : escape is null ? value : escape(value);
        });
        return lacks ? null : text;
    }

    private JsonObject Object(JsonObject template)
    {
        var filled = new JsonObject();
        foreach (var (name, value) in template.Where(member => member.Key != Rest))
        {
            if (Node(value) is { } node)
            {
                filled[name] = node;
            }
        }

        return filled;
    }

    private JsonNode? Node(JsonNode? template) => template switch
    {
        JsonObject members => Object(members) is { Count: > 0 } filled ? filled : null,
        JsonArray items => new JsonArray([.. items.Select(Node).Where(item => item is not null)]),
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => Value(value.GetValue<string>()),
        _ => template?.DeepClone(),
    };

    private JsonNode? Value(string template)
    {
        if (template.EndsWith(AsText + "}", StringComparison.Ordinal))
        {
            return Text(template.Replace(AsText, "", StringComparison.Ordinal)) is { } written ? JsonValue.Create(written) : null;
        }

        var match = Placeholder().Match(template);
        return match.Success && match.Length == template.Length ? valueOf(match.Groups[1].Value)?.DeepClone()
            : Text(template) is { } text ? JsonValue.Create(text) : null;
    }

    // The parameters that the template has a place for.
    private static IEnumerable<string> Names(JsonNode? template) => template switch
    {
        JsonObject members => members.SelectMany(member => Names(member.Value)),
        JsonArray items => items.SelectMany(Names),
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String =>
            Placeholder().Matches(value.GetValue<string>().Replace(AsText, "", StringComparison.Ordinal)).Select(match => match.Groups[1].Value)
                .Where(name => name.StartsWith("parameter.", StringComparison.Ordinal)).Select(name => name["parameter.".Length..]),
        _ => [],
    };

    [GeneratedRegex(@"\{([A-Za-z_][A-Za-z0-9_.\-]*)\}")]
    private static partial Regex Placeholder();
}
