namespace Pipeline.Tools.Plans;

/// <summary>What of a step waits for a human.</summary>
/// <param name="OfResult">The version in its <c>outputs.asset</c>, before anything after it goes on.</param>
/// <param name="AboveMicros">The step itself, before it may be claimed, when one call is estimated to cost more; null when never.</param>
public sealed record ApprovalRule(bool OfResult, long? AboveMicros);
