namespace Pipeline.Agents.Connecting;

/// <summary>How long a call is tried again while the server is away or busy. Pure but for the chance it is given.</summary>
public sealed class Patience(TimeSpan outage, Func<double> chance)
{
    private static readonly HashSet<string> Passing = new(StringComparer.Ordinal)
    {
        "owner_lost", "storage_failed", "storage_unavailable", "outcome_unknown", "rate_limited", "busy", "overloaded", "draining",
    };

    /// <summary>Two minutes: longer than a server takes to start again.</summary>
    public static Patience Usual { get; } = new(TimeSpan.FromMinutes(2), Intent.Chance);

    /// <summary>Whether a refusal with this code will likely be gone when the same call is sent again.</summary>
    public static bool Passes(string code) => Passing.Contains(code);

    /// <summary>The rest before the next attempt; null when patience is at its end.</summary>
    /// <param name="attempt">Attempts made so far, from 1.</param>
    /// <param name="waited">How long it has been failing.</param>
    /// <param name="askedSeconds">What the server asked for.</param>
    public TimeSpan? Rest(int attempt, TimeSpan waited, double? askedSeconds)
    {
        var seconds = Math.Min(5, 0.1 * Math.Pow(2, Math.Min(attempt - 1, 10)));
        // Between half and all of it, so that those who failed together do not return together.
        var rest = TimeSpan.FromSeconds(Math.Max(seconds * (0.5 + (0.5 * chance())), Math.Clamp(askedSeconds ?? 0, 0, 60)));
        return waited + rest > outage ? null : rest;
    }
}
