namespace Pipeline.Tools.Contract;

/// <summary>Ranges that many tools share. A value outside is refused by name, never clamped.</summary>
public static class Limits
{
    /// <summary>Page size of listings and searches.</summary>
    public static int Page(int limit) => limit is >= 1 and <= 100 ? limit
        : throw new InvalidArgumentError("limit", $"limit is 1 to 100, not {limit}.");

    /// <summary>How long a call may wait: common clients give up at 60 s.</summary>
    public static TimeSpan Wait(double wait_seconds) => wait_seconds is >= 0 and <= 45 ? TimeSpan.FromSeconds(wait_seconds)
        : throw new InvalidArgumentError("wait_seconds", $"wait_seconds is 0 to 45, not {wait_seconds}.");

    /// <summary>The largest sum that anyone tells as a cost, a thousand million dollars: a ledger of such lines can still be added up.</summary>
    public const long MostMicros = 1_000_000_000_000_000;

    /// <summary>What something cost, as a caller tells it.</summary>
    public static long? Micros(long? micros, string argument) => micros is null or (>= 0 and <= MostMicros) ? micros
        : throw new InvalidArgumentError(argument, $"{argument} is 0 to {MostMicros}, not {micros}.");

    /// <summary>How long a lock or a claim is held without renewal, in milliseconds.</summary>
    public static long LeaseMs(double seconds, string argument) => seconds is >= 1 and <= 3600 ? (long)(seconds * 1000)
        : throw new InvalidArgumentError(argument, $"{argument} is 1 to 3600, not {seconds}.");
}
