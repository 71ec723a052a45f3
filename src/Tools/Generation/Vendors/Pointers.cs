using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>JSON pointers (RFC 6901) in which <c>*</c> stands for every element of an array. What does not fit is passed over.</summary>
public static class Pointers
{
    /// <summary>Everything that a pointer leads to.</summary>
    public static IEnumerable<JsonNode> All(JsonNode? root, string pointer)
    {
        IEnumerable<JsonNode> found = root is null ? [] : [root];
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            found = found.SelectMany(node => Step(node, name)).ToList();
        }

        return found;
    }

    /// <summary>The first that is there of several pointers; null when none is.</summary>
    public static JsonNode? First(JsonNode? root, IEnumerable<string> pointers) => pointers.SelectMany(pointer => All(root, pointer)).FirstOrDefault();

    /// <summary>The first text or number that is there, as text.</summary>
    public static string? Text(JsonNode? root, params IEnumerable<string> pointers) =>
        pointers.SelectMany(pointer => All(root, pointer)).Select(AsText).FirstOrDefault(text => !string.IsNullOrEmpty(text));

    /// <summary>The number there, also when it is written as a text.</summary>
    public static decimal? Number(JsonNode? root, params IEnumerable<string> pointers) =>
        Text(root, pointers) is { } text && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A text or number as text; null for everything else.</summary>
    public static string? AsText(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.String => node.GetValue<string>(),
        JsonValueKind.Number => node.ToJsonString(),
        _ => null,
    };

    private static IEnumerable<JsonNode> Step(JsonNode node, string name) => node switch
    {
        JsonArray array when name == "*" => array.OfType<JsonNode>(),
        JsonArray array when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < array.Count && array[at] is { } element => [element],
        JsonObject members when members.TryGetPropertyValue(name, out var member) && member is not null => [member],
        _ => [],
    };
}
