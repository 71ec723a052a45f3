namespace Pipeline.Tools.Contract;

/// <summary>The caller's role does not allow the call.</summary>
public sealed class ForbiddenError : ToolError
{
    public ForbiddenError(string needs, string has) : base("forbidden", $"This needs the role or right '{needs}'; you have '{has}'.") =>
        Facts = new { needs, has };
}
