namespace Pipeline.Tools.Calls;

/// <summary>Names the claimed step on whose behalf something is written: refused once the claim has passed to another worker.</summary>
/// <param name="RunId">The run.</param>
/// <param name="StepId">The step in it.</param>
/// <param name="Generation">The claim's fencing number.</param>
public sealed record StepClaim(string RunId, string StepId, long Generation);
