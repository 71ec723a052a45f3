using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Costs;

/// <summary>A call that would take a step beyond the sum that a human gave it leave for. Nothing was reserved.</summary>
public sealed class LeaveExceededError : ToolError
{
    public LeaveExceededError(Spending spending, long upToMicros, long usedMicros, long askedMicros)
        : base("approval_required",
            $"Step '{spending.StepId}' has leave to spend {upToMicros} micros in all; {usedMicros} are spent or held, and this may cost up to {askedMicros}. Take a cheaper model, or have a larger sum approved.")
    {
        Facts = new { up_to_micros = upToMicros, used_micros = usedMicros, asked_micros = askedMicros, run_id = spending.RunId, step_id = spending.StepId };
        Next = "approve_step, by a human";
    }
}
