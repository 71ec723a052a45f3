using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Pipeline.Agents.Connecting;

/// <summary>How things look on the wire (snake_case, nulls left out) and how they are read from it.</summary>
public static class Wire
{
    public static JsonSerializerOptions Json { get; } = Make();

    /// <summary>Any value as the JSON object that it is on the wire; null members are left out.</summary>
    public static JsonObject Object(object value) =>
        value as JsonObject ?? JsonSerializer.SerializeToNode(value, value.GetType(), Json) as JsonObject ?? [];

    public static T? Read<T>(JsonNode? node) => node is null ? default : node.Deserialize<T>(Json);

    /// <summary>The member as text; null when it is missing or no text.</summary>
    public static string? Text(this JsonObject node, string name) =>
        node[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>The member as a number; null when it is missing or no number.</summary>
    public static double? Number(this JsonObject node, string name) => AsNumber(node[name]);

    public static long? Whole(this JsonObject node, string name) => AsNumber(node[name]) is { } number && Math.Abs(number) < 1e18 ? (long)number : null;

    public static bool? Flag(this JsonObject node, string name) => node[name]?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>The objects in a list member; empty when there is none.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonObject node, string name) => (node[name] as JsonArray)?.OfType<JsonObject>() ?? [];

    public static IEnumerable<string> Texts(this JsonObject node, string name) =>
        (node[name] as JsonArray)?.OfType<JsonValue>().Where(value => value.GetValueKind() == JsonValueKind.String).Select(value => value.GetValue<string>()) ?? [];

    // A number may be backed by an element or by any .NET type; its text is the same for all.
    public static double? AsNumber(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number && double.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
            TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }
}
