namespace Pipeline.Reliability.Unguarded;

/// <summary>
/// Which guards this build leaves out, from PIPELINE_RIG_LEAVE_OUT, separated by commas: <c>locks</c> (the fencing check of writes, early and in
/// the committing statement), <c>claims</c> (the generation of reports, and claims carried by writes), <c>keys</c> (answers to repeated
/// intents), <c>commit</c> (answers wait for their commit), <c>waste</c> (charges for work that was not taken), <c>outbox</c> (deliveries
/// commit with their event), <c>expiry</c> (claims of workers that are gone pass to others), <c>doubt</c> (a paid call
/// whose outcome is unknown is not made again).
/// </summary>
internal static class LeftOut
{
    private static readonly string[] Known = ["locks", "claims", "keys", "commit", "waste", "outbox", "expiry", "doubt"];

    public static bool Locks { get; } = Has("locks");

    public static bool Claims { get; } = Has("claims");

    public static bool Keys { get; } = Has("keys");

    public static bool Commit { get; } = Has("commit");

    public static bool Waste { get; } = Has("waste");

    public static bool Outbox { get; } = Has("outbox");

    public static bool Expiry { get; } = Has("expiry");

    public static bool Doubt { get; } = Has("doubt");

    private static bool Has(string guard)
    {
        var words = (Environment.GetEnvironmentVariable("PIPELINE_RIG_LEAVE_OUT") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        return words.FirstOrDefault(word => !Known.Contains(word)) is { } strange ? throw new ArgumentException($"There is no guard '{strange}'.") : words.Contains(guard);
    }
}
