namespace Pipeline.Tools.Plans;

/// <summary>What the author expects of a step, for the estimate only.</summary>
/// <param name="Probability">How likely a conditional step, or a repair, is; 0 to 1.</param>
/// <param name="Items">How many elements a fan-out will have; 1 to 1000.</param>
/// <param name="MediaSeconds">Seconds of media that one call works on.</param>
public sealed record Expectation(double? Probability = null, int? Items = null, double? MediaSeconds = null);
