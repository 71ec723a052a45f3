using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Plans;

/// <summary>A brief came where a plan is needed: turning words into steps is a director's work.</summary>
public sealed class BriefNeedsDirectorError : ToolError
{
    public BriefNeedsDirectorError() : base("not_supported",
        "This server proves plans, it does not write them: turn the brief into steps yourself, or start a director (pipeline direct), and pass 'plan'.") =>
        Next = "create_plan with plan: {\"steps\": [...]}";
}
