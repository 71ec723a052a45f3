namespace Pipeline.Tools.Runs;

/// <summary>How a claim of a step ended.</summary>
public static class AttemptOutcome
{
    /// <summary>Its result was taken.</summary>
    public const string Succeeded = "succeeded";

    /// <summary>Its result was below the bar of the step's quality gate.</summary>
    public const string BelowBar = "below_bar";

    /// <summary>A human rejected its result.</summary>
    public const string Rejected = "rejected";

    public const string Failed = "failed";

    /// <summary>The worker found nothing to do.</summary>
    public const string Skipped = "skipped";

    /// <summary>Its lease ran out: the worker was not heard of again.</summary>
    public const string Expired = "expired";

    /// <summary>It took longer than the step's timeout_seconds.</summary>
    public const string Timeout = "timeout";

    /// <summary>The run was cancelled, or the step skipped, under the worker's hands; or a worker that ended gave it back.</summary>
    public const string Withdrawn = "withdrawn";
}
