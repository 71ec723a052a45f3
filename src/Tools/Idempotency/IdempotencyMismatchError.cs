using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Idempotency;

/// <summary>The key was used before for something else.</summary>
public sealed class IdempotencyMismatchError : ToolError
{
    public IdempotencyMismatchError(string key) : base("idempotency_mismatch",
        $"The key '{key}' already names another intent: this tool was called with it and other arguments. Reuse a key only to repeat the same call; take a new one for a new intent.") =>
        Facts = new { idempotency_key = key };
}
