namespace Pipeline.Tools.Plans;

/// <summary>One step's part of an estimate. <paramref name="Seconds"/> and <paramref name="CostMicros"/> are of one call.</summary>
public sealed record StepEstimate(string Id, string? Model, double Seconds, long CostMicros, double Probability, int Items);
