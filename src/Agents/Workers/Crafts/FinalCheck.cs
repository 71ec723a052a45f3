namespace Pipeline.Agents.Workers.Crafts;

/// <summary>What is known of a file at its final check, and of the loudest part it is made of. Shares are 0 to 1; what could not be measured is null.</summary>
public sealed record FinalMeasures(
    Streams Streams, double? ExpectedSeconds, double? MaxDriftSeconds, double? DriftSeconds, double? BlackShare, double? FreezeShare, double? LoudnessLufs,
    double? SourceLoudnessLufs = null);

/// <summary>One check: what was measured, what was wanted.</summary>
public sealed record CheckVerdict(string Name, bool Passed, double? Measured, string Wanted);

/// <summary>Decides whether a finished file may go out. Pure.</summary>
public static class FinalCheck
{
    // AAC comes in packets of 1024 samples, so that sound may end up to two of them away from the picture.
    private const double SoundGrainSeconds = 2 * 1024 / 48_000.0;
    private const double MostBlack = 0.5;
    private const double MostFrozen = 0.9;
    private const double QuietestLufs = -50;
    private const double LoudestLufs = -5;

    /// <summary>Every check that applies; those about sound only when there is sound. What must be known and is not fails.</summary>
    public static IReadOnlyList<CheckVerdict> Judge(FinalMeasures measures)
    {
        var streams = measures.Streams;
        var verdicts = new List<CheckVerdict> { new("picture", streams.HasVideo, null, "a video stream") };
        verdicts.Add(measures.ExpectedSeconds is { } expected
            ? Within("duration", streams.DurationSeconds, expected - streams.FrameSeconds - 0.001, expected + streams.FrameSeconds + 0.001, "s")
            : Within("duration", streams.DurationSeconds, 0.001, double.MaxValue, "s"));
        if (streams.HasAudio) verdicts.Add(Within("drift", measures.DriftSeconds, 0, measures.MaxDriftSeconds ?? Math.Max(streams.FrameSeconds, SoundGrainSeconds), "s"));
        verdicts.Add(Within("black", measures.BlackShare, 0, MostBlack, "of the time"));
        verdicts.Add(Within("frozen", measures.FreezeShare, 0, MostFrozen, "of the time"));
        if (streams.HasAudio)
            verdicts.Add(measures.SourceLoudnessLufs < QuietestLufs
                ? new CheckVerdict("loudness", measures.LoudnessLufs <= LoudestLufs, measures.LoudnessLufs, FormattableString.Invariant($"at most {LoudestLufs:0.###} LUFS, for its footage is silent"))
                : Within("loudness", measures.LoudnessLufs, QuietestLufs, LoudestLufs, "LUFS"));
        return verdicts;
    }

    private static CheckVerdict Within(string name, double? measured, double least, double most, string unit) => new(
        name, measured >= least && measured <= most, measured,
        most == double.MaxValue ? FormattableString.Invariant($"at least {least:0.###} {unit}") : FormattableString.Invariant($"{least:0.###} to {most:0.###} {unit}"));
}
