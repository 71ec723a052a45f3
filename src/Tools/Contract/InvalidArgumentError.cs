namespace Pipeline.Tools.Contract;

/// <summary>An argument that is missing, unknown, ill-typed or out of its range.</summary>
public sealed class InvalidArgumentError : ToolError
{
    public InvalidArgumentError(string argument, string message) : base("invalid_argument", message) => Facts = new { argument };

    public InvalidArgumentError(string message, object facts) : base("invalid_argument", message) => Facts = facts;
}
