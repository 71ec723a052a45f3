namespace Pipeline.Tools.Plans;

/// <summary>A bar that a reported metric must reach for the step's result to be accepted.</summary>
public sealed record QualityGate(string Metric, double Min, QualityAction OnFail, string? RouteTo = null, int Max = 1);
