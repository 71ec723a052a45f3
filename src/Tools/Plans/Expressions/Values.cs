using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tools.Plans.Expressions;

/// <summary>JSON values as expressions see them.</summary>
internal static class Values
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static bool IsTrue(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    /// <summary>The number, or null when it is something else.</summary>
    public static double? Number(JsonNode? node)
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number) return null;
        if (value.TryGetValue<double>(out var real)) return real;
        if (value.TryGetValue<long>(out var whole)) return whole;
        return double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var other) ? other : null;
    }

    /// <summary>The text, or null when it is something else.</summary>
    public static string? Text(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>A whole number stays whole: 4 is written 4, not 4.0.</summary>
    public static JsonValue Of(double number) =>
        number == Math.Floor(number) && Math.Abs(number) < 9e15 ? JsonValue.Create((long)number) : JsonValue.Create(number);

    public static bool Same(JsonNode? left, JsonNode? right) =>
        Number(left) is { } a && Number(right) is { } b ? a.Equals(b) : JsonNode.DeepEquals(left, right);

    /// <summary>How a value stands inside a text: null as nothing, a text as itself, anything else as JSON.</summary>
    public static string Interpolated(JsonNode? node) => node is null ? "" : Text(node) ?? node.ToJsonString(Plain);

    public static string Kind(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a text",
        JsonValueKind.Array => "a list",
        _ => "an object",
    };
}
