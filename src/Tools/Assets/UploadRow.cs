namespace Pipeline.Tools.Assets;

/// <summary>An upload as stored: where its bytes are to go, and under which terms.</summary>
public sealed record UploadRow
{
    /// <summary>How long an upload may take.</summary>
    internal const long KeptMs = 24 * 60 * 60 * 1000L;

    public string Token { get; init; } = "";
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";
    public string Workspace { get; init; } = "";
    public string Path { get; init; } = "";
    public long SizeBytes { get; init; }

    /// <summary>What the bytes must hash to, if the caller said so.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What the caller says it is; null to tell by the content.</summary>
    public string? MediaType { get; init; }

    /// <summary>JSON object, or null.</summary>
    public string? Metadata { get; init; }

    /// <summary>JSON of the terms of the write.</summary>
    public string Terms { get; init; } = "{}";
    public long ExpiresAtMs { get; init; }

    /// <summary>JSON of the version that it became; null while it is open.</summary>
    public string? Answer { get; init; }

    /// <summary>The object that its bytes became while its write is still refused; null before.</summary>
    public string? Content { get; init; }

    /// <summary>JSON of who announced it when the bytes go straight to the store, where nobody asks who sends them; else null.</summary>
    public string? Sender { get; init; }

    /// <summary>When somebody next looks whether the bytes have come to the store; while somebody is at it, when another may.</summary>
    public long LookAtMs { get; init; }

    /// <summary>How often somebody took it to look: a later one's looks supersede an earlier one's.</summary>
    public long Looks { get; init; }

    /// <summary>JSON of why what came to the store was refused; null when it was not.</summary>
    public string? Refusal { get; init; }
}
