namespace Pipeline.Tools.Idempotency;

/// <summary>The answer that an intent got the first time.</summary>
public sealed record StoredAnswer
{
    /// <summary>Hash of the arguments that came with the key.</summary>
    public string BodyHash { get; init; } = "";

    /// <summary>The structured result as JSON, secrets left out.</summary>
    public string Answer { get; init; } = "";
}
