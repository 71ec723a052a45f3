namespace Pipeline.Agents.Workers;

/// <summary>A step that a craft could not do, with a stable code.</summary>
/// <param name="retryable">Whether another attempt may fare better.</param>
public sealed class CraftFailed(string code, string message, bool retryable = false) : Exception(message)
{
    public string Code { get; } = code;

    public bool Retryable { get; } = retryable;
}
