namespace Pipeline.Tools.Webhooks;

/// <summary>How one attempt ended.</summary>
/// <param name="Status">What the receiver answered; null when it did not.</param>
/// <param name="Error">Why it failed; null when it arrived.</param>
/// <param name="RetryAfter">When the receiver wants to be asked again.</param>
internal sealed record AttemptOutcome(long? Status, string? Error, TimeSpan? RetryAfter = null)
{
    public bool Arrived => Status is >= 200 and < 300;

    /// <summary>The receiver says that it will never listen again.</summary>
    public bool Gone => Status == 410;

    /// <summary>The receiver, or what stands before it, has too much to do.</summary>
    public bool Overloaded => Status is 429 or 502 or 504;
}
