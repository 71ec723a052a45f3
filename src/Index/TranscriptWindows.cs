namespace Pipeline.Index;

/// <summary>
/// Overlapping windows over a transcript's cues. A question's words are often spread over neighbouring cues; the window that holds them all is
/// found, and answered as the cue in it that fits best.
/// </summary>
public static class TranscriptWindows
{
    private const double LongestSeconds = 45;
    private const double StepSeconds = 20;
    private const double WidestGapSeconds = 10;

    /// <summary>
    /// First and last place of each window over cues sorted by their start: at most 45 s, beginning at least 20 s apart, of at least two cues,
    /// not across a silence of more than 10 s.
    /// </summary>
    public static IReadOnlyList<(int First, int Last)> Over(IReadOnlyList<(double Start, double End)> cues)
    {
        var windows = new List<(int, int)>();
        var covered = -1;
        for (var first = 0; first < cues.Count - 1;)
        {
            var last = first;
            while (last + 1 < cues.Count && cues[last + 1].End - cues[first].Start <= LongestSeconds && cues[last + 1].Start - cues[last].End <= WidestGapSeconds)
            {
                last++;
            }

            if (last > first && last > covered)
            {
                windows.Add((first, last));
                covered = last;
            }

            var next = first + 1;
            while (next <= last && cues[next].Start - cues[first].Start < StepSeconds)
            {
                next++;
            }

            first = next;
        }

        return windows;
    }
}
