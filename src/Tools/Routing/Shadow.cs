namespace Pipeline.Tools.Routing;

/// <summary>Do this as well: the same call with this model, into another output that nobody delivers, for comparison.</summary>
public sealed record Shadow(string Model, string Version, string Provider, long EstimatedCostMicros);
