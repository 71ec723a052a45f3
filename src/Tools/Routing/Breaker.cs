using System.Globalization;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Routing;

/// <summary>
/// When a model of a provider is left alone, and for how long. Closed: calls go through. Open: none until its rest is over. Then half open: one call is
/// let through; its success closes, its failure opens again for twice as long. Calls that were refused, reached nobody or are in doubt stop all sending; that
/// is over as soon as a call is taken. Calls that were taken and failed only count where models are chosen. A pure function of outcomes, without chance.
/// </summary>
public sealed record Breaker
{
    private const int FailuresInARowMost = 3;
    private const int FewestToJudge = 5;
    private const long FirstRestMs = 10_000;
    private const long LongestRestMs = 60 * 60 * 1000;
    private const long FirstRefusedMs = 1_000;
    private const long LongestRefusedMs = 5 * 60 * 1000;
    private const long DayMs = 24L * 60 * 60 * 1000;

    /// <summary>How many outcomes count as lately, and how old they may be.</summary>
    public const int Lately = 20;

    public const long LatelyMs = 10 * 60 * 1000;

    /// <summary>Never known to fail.</summary>
    public static readonly Breaker Closed = new();

    /// <summary>Unix milliseconds at which its rest ends; null while closed. Once that time has come it is half open.</summary>
    public long? RestsUntilMs { get; init; }

    /// <summary>Times it opened since it last succeeded: each doubles the rest.</summary>
    public long Strikes { get; init; }

    public long FailuresInARow { get; init; }

    /// <summary>Outcomes up to then no longer count against it.</summary>
    public long ClosedAtMs { get; init; }

    /// <summary>Unix milliseconds until which nothing is sent to it, because calls were not taken; null when none was refused, lost or in doubt since.</summary>
    public long? RefusedUntilMs { get; init; }

    /// <summary>Why it rests, for people.</summary>
    public string? Why { get; init; }

    /// <summary>Who may try it while it is half open.</summary>
    public string? ProbeHolder { get; init; }

    /// <summary>Until when others keep away; null when nobody tries it.</summary>
    public long? ProbeUntilMs { get; init; }

    /// <summary>1 once the holder has made that one call.</summary>
    public long ProbeSent { get; init; }

    public bool IsResting(long nowMs) => RestsUntilMs > nowMs;

    /// <summary>Whether its rest is over and nothing has shown yet that it is well.</summary>
    public bool IsHalfOpen(long nowMs) => RestsUntilMs <= nowMs;

    /// <summary>Whether a success would change nothing.</summary>
    public bool IsQuiet => RestsUntilMs is null && FailuresInARow == 0 && Strikes == 0;

    /// <summary>The breaker after an outcome.</summary>
    /// <param name="outcome">What happened.</param>
    /// <param name="lately">The model's outcomes since <see cref="ClosedAtMs"/> and within <see cref="LatelyMs"/>, this one among them.</param>
    /// <param name="nowMs">The store's clock.</param>
    public Breaker After(ModelOutcome outcome, IReadOnlyCollection<OutcomeKind> lately, long nowMs)
    {
        // What was asked is to blame: the provider answered, but that says nothing of its health.
        if (outcome.IsBlameless) return Untried();
        return outcome.Kind switch
        {
            // An earlier call that ends well during a rest does not end the rest.
            OutcomeKind.Succeeded when IsResting(nowMs) => this,
            OutcomeKind.Succeeded => new Breaker { ClosedAtMs = nowMs },
            // An allowance comes back with the day, or when somebody pays: asking once an hour costs nothing.
            OutcomeKind.QuotaExhausted => Opened(nowMs, Math.Max(Math.Min(LongestRestMs, ToNextDay(nowMs)), Asked(outcome) ?? 0), "quota exhausted", isRefusal: true),
            OutcomeKind.RateLimited => Opened(nowMs, Asked(outcome) ?? Math.Min(LongestRefusedMs, FirstRefusedMs << (int)Math.Min(Strikes, 20)), "rate limited", isRefusal: true),
            _ => Failed(outcome, lately, nowMs),
        };
    }

    /// <summary>The breaker after the provider took a call, whatever comes of it: where it had only refused, that shows that it is well.</summary>
    public Breaker AfterTaken(long nowMs) =>
        !(RefusedUntilMs <= nowMs) ? this : RefusedUntilMs == RestsUntilMs ? new Breaker { ClosedAtMs = nowMs } : this with { RefusedUntilMs = null };

    private Breaker Failed(ModelOutcome outcome, IReadOnlyCollection<OutcomeKind> lately, long nowMs)
    {
        var counted = this with { FailuresInARow = FailuresInARow + 1 };
        var isRefusal = outcome.Kind is OutcomeKind.Unreachable or OutcomeKind.Ambiguous;
        // Calls that were under way when it opened only confirm what is known; one that tried whether calls are taken again has told.
        if (IsResting(nowMs)) return (isRefusal && RefusedUntilMs is { } refused ? counted with { RefusedUntilMs = Math.Max(refused, nowMs + FirstRestMs) } : counted).Untried();
        if (IsHalfOpen(nowMs)) return counted.Opened(nowMs, RestMs, $"failed again when tried ({Say(outcome)})", isRefusal);
        if (counted.FailuresInARow >= FailuresInARowMost) return counted.Opened(nowMs, RestMs, string.Create(CultureInfo.InvariantCulture, $"failed {counted.FailuresInARow} times in a row"), isRefusal);
        var failed = lately.Count(kind => kind != OutcomeKind.Succeeded);
        return lately.Count >= FewestToJudge && failed * 2 >= lately.Count
            ? counted.Opened(nowMs, RestMs, string.Create(CultureInfo.InvariantCulture, $"failed {failed} of {lately.Count} calls lately"), isRefusal)
            : counted;
    }

    private Breaker Opened(long nowMs, long restMs, string why, bool isRefusal)
    {
        var until = nowMs + restMs;
        var refused = isRefusal ? Math.Max(until, RefusedUntilMs ?? 0) : RefusedUntilMs;
        // Several calls that were refused at once are one opening; the longest rest asked for counts.
        var opened = Untried() with { RefusedUntilMs = refused };
        if (IsResting(nowMs)) return until <= RestsUntilMs ? opened : opened with { RestsUntilMs = until, Why = why };
        return opened with { RestsUntilMs = until, Strikes = Strikes + 1, Why = why };
    }

    private Breaker Untried() => this with { ProbeHolder = null, ProbeUntilMs = null, ProbeSent = 0 };

    private long RestMs => Math.Min(LongestRestMs, FirstRestMs << (int)Math.Min(Strikes, 20));

    private static long? Asked(ModelOutcome outcome) =>
        outcome.RetryAfterSeconds is { } seconds && double.IsFinite(seconds) ? (long)(Math.Clamp(seconds, 1, DayMs / 1000.0) * 1000) : null;

    private static long ToNextDay(long nowMs) => DayMs - (nowMs % DayMs);

    private static string Say(ModelOutcome outcome) => outcome.Code ?? Wire.Name(outcome.Kind);
}
