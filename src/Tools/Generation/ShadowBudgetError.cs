using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Generation;

/// <summary>A shadow that may cost more than its decision estimated, when its budget has no more. Nothing was reserved.</summary>
public sealed class ShadowBudgetError : ToolError
{
    public ShadowBudgetError(string capability, long askedMicros, long estimatedMicros)
        : base("budget_exceeded",
            $"The shadow of {capability} may cost up to {askedMicros} micros; its decision allowed {estimatedMicros}, and the shadow's budget has not that much more. Leave it, or have an admin raise "
            + "shadow.budget_micros with set_traffic.") =>
        Facts = new { budget = "shadow:" + capability, asked_micros = askedMicros, estimated_micros = estimatedMicros };
}
