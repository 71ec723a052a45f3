using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Index;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Search;

/// <summary>
/// Reads a filter such as <c>{"label": "scene", "score": {"gte": 0.5}, "metadata.shot": 3}</c>: every member must hold. A plain value means
/// equality; an object has one or more of eq, ne, lt, lte, gt, gte.
/// </summary>
internal static class SearchFilter
{
    private const int MaxConditions = 16;

    public static IReadOnlyList<FieldCondition> Parse(JsonObject? filter)
    {
        var conditions = (filter ?? []).SelectMany(member => Conditions(member.Key, member.Value)).ToList();
        return conditions.Count <= MaxConditions ? conditions : throw new InvalidArgumentError("filter", $"A filter has at most {MaxConditions} conditions.");
    }

    private static IEnumerable<FieldCondition> Conditions(string field, JsonNode? value) => value is JsonObject comparisons
        ? comparisons.Select(pair => new FieldCondition(field, Parse(field, pair.Key), Value(field, pair.Value)))
        : [new FieldCondition(field, Comparison.Equal, Value(field, value))];

    private static Comparison Parse(string field, string name) => name switch
    {
        "eq" => Comparison.Equal,
        "ne" => Comparison.NotEqual,
        "lt" => Comparison.Less,
        "lte" => Comparison.LessOrEqual,
        "gt" => Comparison.Greater,
        "gte" => Comparison.GreaterOrEqual,
        _ => throw new InvalidArgumentError("filter", $"'{name}' of '{field}' is no comparison: use eq, ne, lt, lte, gt or gte."),
    };

    private static FieldValue Value(string field, JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => FieldValue.Of(value.GetValue<string>()),
        JsonValueKind.Number => FieldValue.Of(value.Deserialize<double>()),
        JsonValueKind.True => FieldValue.Of(true),
        JsonValueKind.False => FieldValue.Of(false),
        _ => throw new InvalidArgumentError("filter", $"The value of '{field}' must be text, a number, true or false."),
    };
}
