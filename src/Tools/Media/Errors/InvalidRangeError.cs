namespace Pipeline.Tools.Media.Errors;

/// <summary>A time range that is not inside the media, reversed, empty or not a number: <c>invalid_range</c>.</summary>
public sealed class InvalidRangeError(double start_seconds, double end_seconds, double? duration_seconds, string? problem = null)
    : MediaError(
        "invalid_range",
        FormattableString.Invariant($"The range {start_seconds} to {end_seconds} s {problem ?? FormattableString.Invariant($"does not lie within 0 and {duration_seconds} s")}. Give 0 <= start < end <= duration."),
        new
        {
            start_seconds = double.IsFinite(start_seconds) ? start_seconds : (double?)null,
            end_seconds = double.IsFinite(end_seconds) ? end_seconds : (double?)null,
            duration_seconds,
        });
