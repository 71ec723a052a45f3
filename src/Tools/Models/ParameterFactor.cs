using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tools.Models;

/// <summary>By what a provider's own parameters multiply the price of a call.</summary>
public static class ParameterFactor
{
    /// <summary>The word for a number that is multiplied.</summary>
    public const string Each = "each";

    /// <summary>The most that such a number may be.</summary>
    public const int MostTimes = 100;

    /// <summary>The highest factor that is reckoned with.</summary>
    public const decimal Most = 1_000_000m;

    /// <summary>All factors together. A number that is not said counts once, a word that is not said, or not known, as the dearest.</summary>
    public static decimal Of(IReadOnlyDictionary<string, IReadOnlyDictionary<string, decimal>> rules, JsonObject? said)
    {
        var factor = 1m;
        foreach (var (name, rule) in rules)
        {
            if (rule.Count == 0) continue;
            factor = Math.Min(Most + 1, factor * One(rule, said?[name]));
        }

        return factor;
    }

    /// <summary>What a parameter that a price goes by has to be, in words; null when it is that.</summary>
    public static string? Wrong(IReadOnlyDictionary<string, decimal> rule, JsonNode said)
    {
        if (rule.Count == 0) return null;
        if (rule.ContainsKey(Each)) return Count(said) is >= 1 and <= MostTimes ? null : string.Create(CultureInfo.InvariantCulture, $"a whole number, 1 to {MostTimes}, because the price goes by it");
        return Word(said) is { } word && rule.ContainsKey(word) ? null : $"one of {string.Join(", ", rule.Keys.Order(StringComparer.Ordinal))}, because the price goes by it";
    }

    private static decimal One(IReadOnlyDictionary<string, decimal> rule, JsonNode? said) =>
        rule.TryGetValue(Each, out var each) ? each * Math.Max(1, Count(said) ?? 1)
            : Word(said) is { } word && rule.TryGetValue(word, out var factor) ? factor : rule.Values.Max();

    private static int? Count(JsonNode? said) =>
        said?.GetValueKind() == JsonValueKind.Number && decimal.TryParse(said.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == decimal.Truncate(number) && number is >= 0 and <= 1_000
            ? (int)number : null;

    private static string? Word(JsonNode? said) => said?.GetValueKind() switch
    {
        JsonValueKind.String => said.GetValue<string>(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => said.ToJsonString(),
        _ => null,
    };
}
