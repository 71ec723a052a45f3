using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Tools.Contract;

/// <summary>How files of the operator's are read: snake_case, comments allowed, a field that there is not refused by name.</summary>
public static class OperatorJson
{
    public static JsonSerializerOptions Strict { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };
}
