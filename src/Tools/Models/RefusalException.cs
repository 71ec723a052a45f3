namespace Pipeline.Tools.Models;

/// <summary>A refusal with one stable code and the facts that an agent can act on.</summary>
public abstract class RefusalException(string code, string message, object? facts) : Exception(message)
{
    public string Code { get; } = code;

    public object? Facts { get; } = facts;
}
