namespace Pipeline.Tools.Media.Errors;

/// <summary>A bound on time, size, pixels or streams was reached: <c>limit_exceeded</c>.</summary>
public sealed class LimitExceededError(string limit, double allowed, double? actual)
    : MediaError("limit_exceeded", FormattableString.Invariant($"The limit {limit} of {allowed} was exceeded. Ask for less, or raise the limit in the server's options."), new { limit, allowed, actual })
{
    /// <summary>Which bound.</summary>
    public string Limit { get; } = limit;
}
