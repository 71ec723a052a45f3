using System.Text.Json.Nodes;

namespace Pipeline.Tools.Plans.Expressions;

/// <summary>The functions of the language; each is total over null.</summary>
internal static class Functions
{
    private const int Many = 16;

    /// <summary>Every function with how many arguments it takes.</summary>
    public static readonly IReadOnlyDictionary<string, Arity> Known = new SortedDictionary<string, Arity>(StringComparer.Ordinal)
    {
        ["coalesce"] = new(1, Many),
        ["coalesce_each"] = new(2, Many),
        ["contains"] = new(2, 2),
        ["length"] = new(1, 1),
        ["max"] = new(1, Many),
        ["min"] = new(1, Many),
    };

    /// <summary>Calls <paramref name="name"/>; <paramref name="wrong"/> makes the error for an argument of the wrong kind.</summary>
    public static JsonNode? Call(string name, IReadOnlyList<JsonNode?> given, Func<string, ExpressionError> wrong) => name switch
    {
        "coalesce" => given.FirstOrDefault(value => value is not null),
        "coalesce_each" => Each(given, wrong),
        "contains" => JsonValue.Create(Contains(given[0], given[1], wrong)),
        "length" => Length(given[0], wrong),
        "max" => Extreme(name, given, Math.Max, wrong),
        _ => Extreme(name, given, Math.Min, wrong),
    };

    private static JsonArray Each(IReadOnlyList<JsonNode?> given, Func<string, ExpressionError> wrong)
    {
        var lists = given.Select(value => value is null ? [] : value as JsonArray ?? throw wrong($"coalesce_each() takes lists, not {Values.Kind(value)}")).ToList();
        var merged = new JsonArray();
        for (var i = 0; i < lists.Max(list => list.Count); i++)
            merged.Add(lists.Select(list => i < list.Count ? list[i] : null).FirstOrDefault(value => value is not null)?.DeepClone());
        return merged;
    }

    private static bool Contains(JsonNode? whole, JsonNode? part, Func<string, ExpressionError> wrong) => whole switch
    {
        null => false,
        JsonArray list => list.Any(element => Values.Same(element, part)),
        JsonObject members => Values.Text(part) is { } name && members.ContainsKey(name),
        _ when Values.Text(whole) is { } text => Values.Text(part) is { } piece && text.Contains(piece, StringComparison.Ordinal),
        _ => throw wrong($"contains() looks into a text, a list or an object, not {Values.Kind(whole)}"),
    };

    private static JsonValue? Length(JsonNode? value, Func<string, ExpressionError> wrong) => value switch
    {
        null => JsonValue.Create(0),
        JsonArray list => JsonValue.Create(list.Count),
        JsonObject members => JsonValue.Create(members.Count),
        _ when Values.Text(value) is { } text => JsonValue.Create(text.Length),
        _ => throw wrong($"length() measures a text, a list or an object, not {Values.Kind(value)}"),
    };

    // Over its arguments, or over the one list it was given; null counts for nothing.
    private static JsonValue? Extreme(string name, IReadOnlyList<JsonNode?> given, Func<double, double, double> pick, Func<string, ExpressionError> wrong)
    {
        var values = given is [JsonArray list] ? list.ToList() : given;
        double? best = null;
        foreach (var value in values)
        {
            if (value is null) continue;
            var number = Values.Number(value) ?? throw wrong($"{name}() takes numbers, not {Values.Kind(value)}");
            best = best is { } known ? pick(known, number) : number;
        }

        return best is { } found ? Values.Of(found) : null;
    }

    /// <summary>The least and the most arguments.</summary>
    public readonly record struct Arity(int Least, int Most)
    {
        public override string ToString() => Least == Most ? $"{Least} argument(s)" : $"{Least} to {Most} arguments";
    }
}
