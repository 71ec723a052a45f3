using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Generation;

/// <summary>The version that this call would promote has no standing approval.</summary>
public sealed class NotApprovedError : ToolError
{
    public NotApprovedError(string asset)
        : base("not_approved", $"No approval of '{asset}' stands: a human approves exactly that version with approve_step, and only while it is the current one.")
    {
        Facts = new { asset };
        Next = "approve_step, by a human";
    }
}
