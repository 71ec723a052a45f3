using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

/// <summary>A step that the run does not have.</summary>
public sealed class UnknownStepError : ToolError
{
    public UnknownStepError(string runId, string stepId) : base("not_found", $"Run '{runId}' has no step '{stepId}'.") => Facts = new { run_id = runId, step_id = stepId };
}
