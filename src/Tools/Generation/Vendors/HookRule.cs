namespace Pipeline.Tools.Generation.Vendors;

/// <summary>How a vendor signs what it tells.</summary>
public enum HookAlgorithm
{
    /// <summary>A secret that both know: a <c>whsec_</c> key as Standard Webhooks writes them, or any text.</summary>
    HmacSha256,

    /// <summary>The vendor's public keys, fetched from <see cref="HookRule.KeysUrl"/> as a JSON Web Key Set.</summary>
    Ed25519,
}

/// <summary>How bytes of a signature are written.</summary>
public enum HookEncoding
{
    Base64,
    Hex,
}

/// <summary>How a vendor's webhook is verified and read. It is registered by <c>{hook_url}</c> in the submission.</summary>
public sealed record HookRule
{
    public required HookAlgorithm Algorithm { get; init; }

    /// <summary>Names the delivery, the same on every repetition; null when the body's hash has to do.</summary>
    public string? IdHeader { get; init; }

    /// <summary>When it was sent, in seconds since the Unix epoch.</summary>
    public required string TimestampHeader { get; init; }

    public required string SignatureHeader { get; init; }

    /// <summary>What is signed: <c>{id}</c>, <c>{timestamp}</c>, <c>{body}</c>, <c>{body_sha256}</c> (hex), <c>{header.NAME}</c>.</summary>
    public required string Signed { get; init; }

    public HookEncoding Encoding { get; init; } = HookEncoding.Base64;

    /// <summary>Before each signature, as <c>v1,</c> or <c>sha256=</c>. Signatures stand with blanks between; one that holds is enough.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>How far the time may be from ours.</summary>
    public double ToleranceSeconds { get; init; } = 300;

    /// <summary>Where the vendor's public keys are.</summary>
    public string? KeysUrl { get; init; }

    /// <summary>Where the job's name stands; the first that is there.</summary>
    public required IReadOnlyList<string> JobId { get; init; }

    /// <summary>How the job stands; null when it should be polled to learn it.</summary>
    public ReportRule? Report { get; init; }
}
