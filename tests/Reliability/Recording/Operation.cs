using System.Text.Json.Nodes;

namespace Pipeline.Reliability.Recording;

/// <summary>One call with its end, if it had one.</summary>
public sealed record Operation
{
    public required string Client { get; init; }

    public required long Call { get; init; }

    public required string Tool { get; init; }

    public required JsonObject Arguments { get; init; }

    public required long InvokedAtNs { get; init; }

    /// <summary>When it was answered or refused; null when nobody knows its outcome: it may take effect at any time up to the end.</summary>
    public long? ReturnedAtNs { get; init; }

    public Outcome Outcome { get; init; } = Outcome.Open;

    /// <summary>The structured answer, or the refusal.</summary>
    public JsonObject? Answer { get; init; }

    /// <summary>The refusal's code, or the loss's reason.</summary>
    public string? Code { get; init; }

    /// <summary>The intent: attempts with the same key have one effect between them.</summary>
    public string? Key => (string?)Arguments["idempotency_key"];

    /// <summary>In whose name.</summary>
    public string? Agent => (string?)Arguments["agent"];
}

/// <summary>How a call ended.</summary>
public enum Outcome
{
    /// <summary>Unknown: cut, killed, or never answered.</summary>
    Open,

    Ok,

    Refused,
}
