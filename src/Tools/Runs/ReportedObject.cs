using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Runs;

/// <summary>Reads the objects that workers report.</summary>
internal static class ReportedObject
{
    private const int Longest = 262_144;
    private const int LongestReason = 200;

    /// <summary>The object, or null when none was given.</summary>
    public static JsonObject? Read(IReadOnlyDictionary<string, JsonElement>? value, string argument)
    {
        if (value is null) return null;
        var text = CanonicalJson.Of(value);
        if (text.Length > Longest) throw new InvalidArgumentError(argument, $"{argument} is at most {Longest} characters of JSON; put larger things into assets.");
        return (JsonObject)JsonNode.Parse(text)!;
    }

    /// <summary>The same, of numbers only; what could not be measured may be null and is left out.</summary>
    public static JsonObject? Numbers(IReadOnlyDictionary<string, JsonElement>? value, string argument)
    {
        if (Read(value, argument) is not { } given) return null;
        foreach (var (name, member) in given.ToList())
        {
            if (member is null) given.Remove(name);
            else if (member.GetValueKind() is not (JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)) throw new InvalidArgumentError($"{argument}.{name}", $"{argument}.{name} is a number.");
        }

        return given;
    }

    /// <summary>Why a worker did nothing, when that is what its outputs say.</summary>
    public static string? Skipped(JsonObject? outputs)
    {
        if (outputs?["skipped"] is not JsonValue value || value.GetValueKind() != JsonValueKind.String) return null;
        var reason = value.GetValue<string>();
        return reason.Length is > 0 and <= LongestReason ? reason : throw new InvalidArgumentError("outputs.skipped", $"outputs.skipped is a reason of 1 to {LongestReason} characters.");
    }
}
