namespace Pipeline.Tools.Contract;

/// <summary>
/// A refusal that an agent can act on: one stable code, a sentence that says what was wrong and what would be right, and the facts.
/// It is mapped to a tool result in one place, the error filter.
/// </summary>
public abstract class ToolError(string code, string message) : Exception(message)
{
    /// <summary>Stable, snake_case; clients switch on it.</summary>
    public string Code { get; } = code;

    /// <summary>What a program needs to decide what to do; null when the message says it all.</summary>
    public object? Facts { get; init; }

    /// <summary>When trying the same again makes sense.</summary>
    public double? RetryAfterSeconds { get; init; }

    /// <summary>The tool call that would help, in a few words.</summary>
    public string? Next { get; init; }
}
