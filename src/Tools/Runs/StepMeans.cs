namespace Pipeline.Tools.Runs;

/// <summary>By what means a worker did a step, and what that cost.</summary>
public sealed record StepMeans(long? CostMicros, string? Model, string? DecisionId);
