using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

/// <summary>A report for a claim that is no longer the step's current one. Nothing was changed.</summary>
public sealed class SupersededError : ToolError
{
    public SupersededError(StepSnapshot step, long generation)
        : base("superseded", generation == step.Generation && step.State == StepState.Claimed
            ? $"Generation {generation} of step '{step.StepId}' is another worker's claim. Report only steps that you claimed yourself, under the same principal and agent."
            : $"Generation {generation} of step '{step.StepId}' is no longer current: the step is {StepMachine.Say(step)} at generation {step.Generation}. Drop this work and claim again.") =>
        Facts = new { step_id = step.StepId, generation, current_generation = step.Generation, state = step.State.ToString().ToLowerInvariant() };
}
