using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media;

/// <summary>What a time range may be.</summary>
public static class MediaRange
{
    /// <summary>Durations are printed to the microsecond and typed with fewer places; this much past the end is still the end.</summary>
    public const double ToleranceSeconds = 0.001;

    /// <exception cref="InvalidRangeError">Before 0, past the end, reversed, empty or not a number.</exception>
    public static void Check(double start_seconds, double end_seconds, double duration_seconds)
    {
        if (!(start_seconds >= 0 && end_seconds > start_seconds && end_seconds <= duration_seconds + ToleranceSeconds))
        {
            throw new InvalidRangeError(start_seconds, end_seconds, Math.Round(duration_seconds, 6));
        }
    }

    /// <exception cref="InvalidRangeError">The moment is not inside the media.</exception>
    public static void CheckMoment(double at_seconds, double duration_seconds)
    {
        if (!(at_seconds >= 0 && at_seconds <= duration_seconds))
        {
            throw new InvalidRangeError(at_seconds, at_seconds, Math.Round(duration_seconds, 6));
        }
    }
}
