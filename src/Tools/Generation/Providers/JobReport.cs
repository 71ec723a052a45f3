namespace Pipeline.Tools.Generation.Providers;

/// <summary>How an accepted job stands with the vendor.</summary>
public enum JobStanding
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,

    /// <summary>The vendor no longer has its result.</summary>
    Expired,

    /// <summary>The vendor does not know the job: it lost it, or it never was.</summary>
    Unknown,

    /// <summary>No answer: ask again later.</summary>
    Unreachable,
}

/// <summary>The outcome of <see cref="IProvider.PollAsync"/>, or what a vendor's webhook said.</summary>
public sealed record JobReport(JobStanding Standing)
{
    public IReadOnlyList<ProviderResult> Results { get; init; } = [];

    /// <summary>What the vendor says it billed, in micros, failed jobs included; null when it does not say.</summary>
    public long? CostMicros { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    /// <summary>0 to 1, or null.</summary>
    public double? Progress { get; init; }

    public int? QueuePosition { get; init; }

    /// <summary>What the vendor asked to wait before the next question.</summary>
    public double? RetryAfterSeconds { get; init; }
}

/// <summary>The vendor's answer to a cancellation: asked, too_late (it is done), unknown, unsupported, unreachable.</summary>
public enum CancelAnswer
{
    Asked,
    TooLate,
    Unknown,
    Unsupported,
    Unreachable,
}

/// <summary>What became of a download.</summary>
/// <param name="Fetched">Whether the whole result lies in the file.</param>
/// <param name="Gone">Whether it will never be had again (404, 410, expired): otherwise it is fetched again later.</param>
public sealed record FetchOutcome(bool Fetched, bool Gone = false, string? Code = null, string? Message = null, double? RetryAfterSeconds = null);
