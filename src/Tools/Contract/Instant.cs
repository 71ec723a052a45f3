namespace Pipeline.Tools.Contract;

/// <summary>Turns the store's milliseconds into the times that people and programs read.</summary>
public static class Instant
{
    public static DateTimeOffset From(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? From(long? milliseconds) => milliseconds is { } ms ? From(ms) : null;
}
