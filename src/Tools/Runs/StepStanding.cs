using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

/// <summary>How a step stands after a report.</summary>
/// <param name="Reason">Why it waits or was skipped.</param>
/// <param name="NotBefore">When it may be claimed again.</param>
public sealed record StepStanding(
    string RunId, string StepId, string State, string? Reason, long Generation, string RunState, DateTimeOffset? LeaseExpiresAt, DateTimeOffset? NotBefore)
{
    internal static StepStanding From(RunSnapshot run, StepSnapshot step) => new(
        run.RunId, step.StepId, Wire.Name(step.State), step.Reason, step.Generation, Wire.Name(run.State), Instant.From(step.LeaseExpiresMs), Instant.From(step.NotBeforeMs));
}
