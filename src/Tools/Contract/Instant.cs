using System.Globalization;

namespace Pipeline.Tools.Contract;

/// <summary>Turns the store's milliseconds into the times that people and programs read.</summary>
public static class Instant
{
    public static DateTimeOffset From(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? From(long? milliseconds) => milliseconds is { } ms ? From(ms) : null;

    /// <summary>Milliseconds of a time as a caller wrote it: ISO 8601, UTC unless it says otherwise.</summary>
    /// <exception cref="InvalidArgumentError">It is no such time.</exception>
    public static long Parse(string text, string argument) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUnixTimeMilliseconds()
            : throw new InvalidArgumentError(argument, $"{argument} is a time such as 2026-01-31T12:00:00Z.");
}
