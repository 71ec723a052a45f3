namespace Pipeline.Tools.Models;

/// <summary>A price made ready for reckoning: its lines in order.</summary>
public sealed class PriceFacts(ModelPrice price)
{
    private const long MostExactMs = 1_000_000_000;
    private const long MostExactMicros = 1_000_000_000;

    private readonly (int Lines, long Micros)[] _lines =
    [
        .. price.PerResolutionMicros
            .Select(line => (Lines: int.Parse(line.Key.AsSpan(0, line.Key.Length - 1), System.Globalization.CultureInfo.InvariantCulture), Micros: line.Value)).OrderBy(line => line.Lines),
    ];

    /// <summary>The price of one call, rounded up to a whole micro; null when the price list has no line for it.</summary>
    public long? CostMicros(Demand demand)
    {
        var second = price.PerSecondMicros;
        if (_lines.Length > 0)
        {
            if (LineFor(demand.Height) is not { } line) return null;
            second = line;
        }

        var once = price.PerRequestMicros + Media(demand.DurationSeconds, second) + Tokens(demand);
        return price.ByParameter is null ? once : Times(once, ParameterFactor.Of(price.ByParameter, demand.Inputs));
    }

    // A sum beyond belief is no price.
    private static long? Times(long micros, decimal factor) =>
        factor <= ParameterFactor.Most && micros * factor is var all && all <= Contract.Limits.MostMicros ? (long)Math.Ceiling(all) : null;

    // Whole milliseconds, as nearly all lengths are, need no decimals.
    private static long Media(double seconds, long microsPerSecond)
    {
        if (microsPerSecond == 0) return 0;
        var ms = seconds * 1000;
        var whole = (long)Math.Round(ms);
        return whole is >= 0 and <= MostExactMs && whole / 1000.0 == seconds && microsPerSecond <= MostExactMicros
            ? ((whole * microsPerSecond) + 999) / 1000
            : (long)Math.Ceiling((decimal)seconds * microsPerSecond);
    }

    private long Tokens(Demand demand)
    {
        if (price.PerMillionInputTokensMicros == 0 && price.PerMillionOutputTokensMicros == 0) return 0;
        var micros = ((Int128)demand.InputTokens * price.PerMillionInputTokensMicros) + ((Int128)demand.OutputTokens * price.PerMillionOutputTokensMicros);
        return (long)((micros + 999_999) / 1_000_000);
    }

    // The smallest priced height that holds the picture: a provider renders 700 lines as 720p.
    private long? LineFor(int height)
    {
        foreach (var (lines, micros) in _lines)
        {
            if (lines >= height) return micros;
        }

        return null;
    }
}
