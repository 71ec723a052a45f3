using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

/// <summary>Something that cannot be done in the state in which the run or the step is.</summary>
public sealed class InvalidStateError : ToolError
{
    public InvalidStateError(string message, string state) : base("invalid_state", message) => Facts = new { state };
}
