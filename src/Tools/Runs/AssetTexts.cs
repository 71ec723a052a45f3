using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tools.Runs;

/// <summary>The texts in a JSON value that may be addresses of assets.</summary>
internal static class AssetTexts
{
    public static IEnumerable<string> In(JsonNode? value) => value switch
    {
        JsonObject members => members.SelectMany(member => In(member.Value)),
        JsonArray list => list.SelectMany(In),
        JsonValue text when text.GetValueKind() == JsonValueKind.String && text.GetValue<string>() is var found && found.Contains('/', StringComparison.Ordinal) => [found],
        _ => [],
    };

    public static IEnumerable<string> In(string? json) => json is null ? [] : In(JsonNode.Parse(json));
}
