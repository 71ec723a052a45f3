using System.Text.Json.Nodes;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Plans;

/// <summary>
/// What models took here against what their cards say, at the median. A card tells of its vendor; how far away the vendor is, how often it is asked after, and
/// how fast this machine fetches and measures, only results tell. Pure.
/// </summary>
public sealed class Experience
{
    private const int FewestTimes = 3;
    private const int NewestTimes = 9;

    private readonly Dictionary<(string Capability, string Model), double> _factors;

    /// <param name="times">Newest first.</param>
    /// <param name="catalogue">What the cards say.</param>
    public Experience(IEnumerable<StepTime> times, Catalogue catalogue) => _factors = times
        .GroupBy(time => (time.Capability, time.Model))
        .Select(group => (group.Key, Factors: group.Select(time => Factor(time, catalogue)).OfType<double>().Take(NewestTimes).Order().ToList()))
        .Where(group => group.Factors.Count >= FewestTimes)
        .ToDictionary(group => group.Key, group => (group.Factors[(group.Factors.Count - 1) / 2] + group.Factors[group.Factors.Count / 2]) / 2);

    /// <summary>Of a house in which nothing ran yet.</summary>
    public static Experience None { get; } = new([], new Catalogue([]));

    /// <summary>How many times what its card says a model takes; 1 while fewer than three results tell.</summary>
    public double FactorOf(string capability, string model) => _factors.GetValueOrDefault((capability, model), 1);

    // Where neither the inputs nor the result say how long it is, there is nothing to hold the time against.
    private static double? Factor(StepTime time, Catalogue catalogue)
    {
        if (catalogue.Find(time.Model) is not { } card) return null;
        var inputs = time.Inputs is null ? null : JsonNode.Parse(time.Inputs) as JsonObject;
        var length = Capabilities.InputsSayLength(time.Capability, inputs) ? Demand.From(time.Capability, inputs).DurationSeconds : Measured(time.Metrics);
        if (length is null && card.Latency.PerMediaSecond > 0) return null;
        return card.Latency.Of(length ?? 0) is > 0 and var said ? time.TookMs / 1000.0 / said : null;
    }

    private static double? Measured(string? metrics) =>
        metrics is not null && (JsonNode.Parse(metrics) as JsonObject)?["duration_seconds"] is JsonValue value && value.TryGetValue<double>(out var seconds) ? seconds : null;
}
