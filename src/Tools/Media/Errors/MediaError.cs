using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Media.Errors;

/// <summary>What media errors have in common: facts are always given.</summary>
public abstract class MediaError : ToolError
{
    private protected MediaError(string code, string message, object facts) : base(code, message) => Facts = facts;
}
