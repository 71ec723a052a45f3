using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

/// <summary>A worker reports less for its step than the server itself was charged for it. Nothing was changed.</summary>
public sealed class AlreadyChargedError : ToolError
{
    public AlreadyChargedError(string stepId, long reportedMicros, long chargedMicros)
        : base("already_charged",
            $"What generate_media bought for step '{stepId}' stands in the ledger already, with {chargedMicros} micros. cost_micros is what the step cost in all, that included: only what goes "
            + $"beyond it is added. You reported {reportedMicros}. Report at least {chargedMicros}, or leave cost_micros out when nothing else was paid.") =>
        Facts = new { step_id = stepId, reported_micros = reportedMicros, charged_micros = chargedMicros };
}
