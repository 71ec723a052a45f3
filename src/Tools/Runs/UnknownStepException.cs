using Pipeline.Tools.Models;

namespace Pipeline.Tools.Runs;

/// <summary>A step that the run does not have.</summary>
public sealed class UnknownStepException(string runId, string stepId)
    : RefusalException("not_found", $"Run '{runId}' has no step '{stepId}'.", new { run_id = runId, step_id = stepId });
