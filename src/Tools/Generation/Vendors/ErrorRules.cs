namespace Pipeline.Tools.Generation.Vendors;

/// <summary>How refusals are read.</summary>
public sealed record ErrorRules
{
    /// <summary>Where an error's code stands; the first that is there.</summary>
    public IReadOnlyList<string> Code { get; init; } = [];

    /// <summary>Where an error's text stands; the first that is there.</summary>
    public IReadOnlyList<string> Message { get; init; } = [];

    /// <summary>Where the body says how long to wait, in seconds; the header Retry-After goes before it.</summary>
    public string? RetryAfterSeconds { get; init; }

    /// <summary>The first that fits counts; then what the status means everywhere.</summary>
    public IReadOnlyList<ErrorRule> Rules { get; init; } = [];
}

/// <summary>What one kind of refusal means.</summary>
public sealed record ErrorRule
{
    /// <summary>Any of these.</summary>
    public required IReadOnlyList<int> Status { get; init; }

    /// <summary>Any of these in the error's code or text, in any case; none for any error of that status.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>rate_limited, quota_exhausted, unauthorized, refused_content, bad_request or vendor_error.</summary>
    public required string Code { get; init; }

    /// <summary>Whether the same call may succeed later.</summary>
    public bool Retryable { get; init; }

    /// <summary>
    /// Whether the vendor documents that nothing was done or billed. Without it a status of 500 and above, and a 408, 409 or 499, leaves the
    /// outcome unknown; other 4xx are refusals anyway.
    /// </summary>
    public bool Unbilled { get; init; }
}
