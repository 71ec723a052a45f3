using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Generation;

/// <summary>
/// What a price hangs on, among a call's parameters. It is read or refused, never passed over: what the price list does not understand and the vendor does
/// would be bought at another price than was reserved. And what it was priced by is said to the vendor, whose own default may be a dearer one.
/// </summary>
internal static class PricedParameters
{
    private const string Duration = "duration_seconds", Start = "start_seconds", End = "end_seconds", Lines = "resolution";

    private const double LongestSeconds = 1_000_000;
    private const int LongestEdge = 100_000;
    private const double MostTokens = 10_000_000;

    /// <exception cref="InvalidArgumentError">One of them cannot be read.</exception>
    public static void Check(JsonObject parameters, ModelPrice? price)
    {
        Require(parameters, Duration, seconds => seconds is > 0 and <= LongestSeconds, $"a number of seconds above 0, at most {LongestSeconds}");
        Require(parameters, "width", IsEdge, $"a whole number of pixels, 1 to {LongestEdge}");
        Require(parameters, "height", IsEdge, $"a whole number of pixels, 1 to {LongestEdge}");
        Require(parameters, "max_output_tokens", tokens => tokens is >= 0 and <= MostTokens, $"0 to {MostTokens}");
        if (price is { PerResolutionMicros.Count: > 0 } && parameters[Lines] is { } lines && !IsLines(lines))
        {
            throw Wrong(Lines, "written as 720p, because the price goes by it");
        }

        Require(parameters, Start, seconds => seconds is >= 0 and <= LongestSeconds, "a number of seconds");
        Require(parameters, End, seconds => seconds > (Number(parameters[Start]) ?? 0) && seconds <= LongestSeconds, "a number of seconds after start_seconds");
        if (price is null || price.IsFree())
        {
            return;
        }

        foreach (var (name, said) in parameters)
        {
            if (said is null)
            {
                continue;
            }

            if (price.ByParameter?.GetValueOrDefault(name) is { } rule)
            {
                if (ParameterFactor.Wrong(rule, said) is { } wrong) throw Wrong(name, wrong);
            }
            else if (OwnParameter.MayMultiply(name, said))
            {
                throw new InvalidArgumentError($"parameters.{name}",
                    $"'{name}' may change the price, and the card does not say how: nothing is bought at an unknown price. Leave it out, or have an admin name it under price.by_parameter of the card, "
                    + $"as {{\"{name}\": {{\"each\": 1}}}} where the price is multiplied by it, or {{\"{name}\": {{}}}} where it does not matter.");
            }
        }
    }

    /// <summary>The parameters that tell how long the result is: a stretch of a recording does only where one is given.</summary>
    public static JsonObject OfDemand(JsonObject parameters, bool worksOnRecording)
    {
        var read = (JsonObject)parameters.DeepClone();
        if (!worksOnRecording)
        {
            read.Remove(Start);
            read.Remove(End);
        }

        return read;
    }

    /// <summary>Whether they tell how long the result is.</summary>
    public static bool SaysLength(JsonObject ofDemand) => ofDemand[Duration] is not null || ofDemand[End] is not null;

    /// <summary>The parameters with the length and the height that were priced, where the price goes by them and the caller said none.</summary>
    public static JsonObject Said(JsonObject parameters, JsonObject ofDemand, Demand demand, ModelPrice price)
    {
        var said = (JsonObject)parameters.DeepClone();
        if ((price.PerSecondMicros > 0 || price.PerResolutionMicros.Count > 0) && said[Duration] is null && ofDemand[End] is null)
        {
            said[Duration] = demand.DurationSeconds;
        }

        if (price.PerResolutionMicros.Count > 0 && !demand.SizeAsked)
        {
            said[Lines] = string.Create(CultureInfo.InvariantCulture, $"{demand.Height}p");
        }

        foreach (var (name, rule) in price.ByParameter ?? new Dictionary<string, IReadOnlyDictionary<string, decimal>>())
        {
            if (rule.ContainsKey(ParameterFactor.Each) && said[name] is null) said[name] = 1;
        }

        return said;
    }

    private static void Require(JsonObject parameters, string name, Func<double, bool> fits, string what)
    {
        if (parameters[name] is { } given && !(Number(given) is { } number && fits(number)))
        {
            throw Wrong(name, what);
        }
    }

    private static bool IsEdge(double edge) => edge is >= 1 and <= LongestEdge && edge == Math.Floor(edge);

    private static bool IsLines(JsonNode given) =>
        given.GetValueKind() == JsonValueKind.String && given.GetValue<string>() is { Length: > 1 and < 7 } text && text[^1] == 'p' && text.AsSpan(0, text.Length - 1).IndexOfAnyExceptInRange('0', '9') < 0;

    private static double? Number(JsonNode? given) =>
        given?.GetValueKind() == JsonValueKind.Number && double.TryParse(given.ToJsonString(), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static InvalidArgumentError Wrong(string name, string what) => new($"parameters.{name}", string.Create(CultureInfo.InvariantCulture, $"parameters.{name} is {what}."));
}
