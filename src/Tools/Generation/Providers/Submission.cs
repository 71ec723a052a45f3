using System.Text.Json.Nodes;

namespace Pipeline.Tools.Generation.Providers;

/// <summary>What became of asking: each class has its own next step.</summary>
public enum SubmissionClass
{
    /// <summary>Nothing reached the vendor (no connection, name not resolved): may be sent again for free.</summary>
    NotSent,

    /// <summary>The vendor said no before doing anything (429, other 4xx): unbilled. May be sent again when <see cref="Submission.Retryable"/>.</summary>
    Rejected,

    /// <summary>It was sent and no clear answer came (time out, cut connection, 5xx): perhaps billed. Never sent again by itself.</summary>
    Ambiguous,

    /// <summary>The vendor took it and named it: from here on it is only asked after.</summary>
    Accepted,

    /// <summary>The answer was the result itself: it lies in the job's folder.</summary>
    Done,
}

/// <summary>The outcome of <see cref="IProvider.SubmitAsync"/>.</summary>
public sealed record Submission(SubmissionClass Class)
{
    /// <summary>The vendor's name for the job; with <see cref="SubmissionClass.Accepted"/>.</summary>
    public string? VendorJobId { get; init; }

    /// <summary>What to ask by later, from the vendor's answer.</summary>
    public JsonObject Handles { get; init; } = [];

    /// <summary>With <see cref="SubmissionClass.Done"/>.</summary>
    public IReadOnlyList<ProviderResult> Results { get; init; } = [];

    /// <summary>What the vendor says it billed, in micros; null when it does not say.</summary>
    public long? CostMicros { get; init; }

    /// <summary>A stable word: rate_limited, quota_exhausted, unauthorized, refused_content, bad_request, timeout, vendor_error, unreachable.</summary>
    public string? Code { get; init; }

    /// <summary>For people; holds no key and no header.</summary>
    public string? Message { get; init; }

    /// <summary>With <see cref="SubmissionClass.Rejected"/>: whether the same call may succeed later.</summary>
    public bool Retryable { get; init; }

    /// <summary>What the vendor asked to wait; null when it did not say.</summary>
    public double? RetryAfterSeconds { get; init; }
}
