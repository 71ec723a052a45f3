using Pipeline.Tools.Models;

namespace Pipeline.Tools.Runs;

/// <summary>A report for a claim that is no longer the step's current one. Nothing was changed.</summary>
public sealed class SupersededException(StepSnapshot step, long generation)
    : RefusalException(
        "superseded",
        $"Generation {generation} of step '{step.StepId}' is no longer current: it is at {step.Generation} and {step.State.ToString().ToLowerInvariant()}. Drop this work and claim again.",
        new { step_id = step.StepId, generation, current_generation = step.Generation, state = step.State.ToString().ToLowerInvariant() });
