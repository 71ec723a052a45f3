namespace Pipeline.Tools.Plans;

/// <summary>How often a step is tried and how long it rests: the rest doubles with every attempt and is spread by chance.</summary>
/// <param name="MaxAttempts">1 to 20.</param>
/// <param name="BackoffSeconds">The rest after the first failure, 0 to 3600.</param>
public sealed record RetryRule(int MaxAttempts = 3, double BackoffSeconds = 1);
