using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Pipeline.Tools.Contract;

/// <summary>How files of the operator's are read: snake_case, comments allowed, a field that there is not refused by name.</summary>
public static partial class OperatorJson
{
    public static JsonSerializerOptions Strict { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>What is wrong with a text that could not be read, in words of the text and not of this program.</summary>
    public static string Say(JsonException wrong)
    {
        var at = wrong.Path is { Length: > 2 } path ? $"'{path[2..]}'" : "it";
        return Missing().Match(wrong.Message) is { Success: true } missing ? $"{at} lacks {missing.Groups[1].Value}"
            : Unknown().Match(wrong.Message) is { Success: true } unknown ? $"there is no field '{unknown.Groups[1].Value}'"
            : wrong.Message.Contains(" could not be converted to ", StringComparison.Ordinal) ? $"{at} is not of the kind that stands there"
            : Place().Replace(wrong.Message, "");
    }

    [GeneratedRegex("missing required properties including: (.*?)\\.?$", RegexOptions.CultureInvariant)]
    private static partial Regex Missing();

    [GeneratedRegex("^The JSON property '(.*)' could not be mapped", RegexOptions.CultureInvariant)]
    private static partial Regex Unknown();

    [GeneratedRegex(" Path: .*$", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
