namespace Pipeline.Tools.Webhooks;

/// <summary>Decides when a failed delivery is tried again.</summary>
public static class RetrySchedule
{
    /// <summary>The delay after the given failed attempt; null when that was the last.</summary>
    /// <param name="options">Schedule and jitter.</param>
    /// <param name="attempt">Which attempt failed, from 1.</param>
    /// <param name="chance">In [0, 1): where in the jitter's range.</param>
    /// <param name="retryAfter">What the receiver asked for; it only ever lengthens the delay.</param>
    public static TimeSpan? After(WebhookOptions options, long attempt, double chance, TimeSpan? retryAfter)
    {
        if (attempt > options.Schedule.Count)
        {
            return null;
        }

        var planned = options.Schedule[(int)attempt - 1] * (1 - options.Jitter + (2 * options.Jitter * chance));
        var asked = retryAfter < options.LongestRetryAfter ? retryAfter.Value : retryAfter is null ? TimeSpan.Zero : options.LongestRetryAfter;
        return asked > planned ? asked : planned;
    }
}
