namespace Pipeline.Index.Transcripts;

/// <summary>A transcript as entries: one for each cue, long ones split where their words' times allow it.</summary>
public static class TranscriptEntries
{
    private const double LongSeconds = 15;
    private const int LongText = 240;
    private const double PieceSeconds = 8;

    /// <summary>Transcript entries in the order of their starts; a speaker's name stands in the label, cut at 200 characters.</summary>
    public static IReadOnlyList<IndexEntry> Of(Transcript transcript) => [.. transcript.Cues.SelectMany(Split).Select(cue => new IndexEntry
    {
        Kind = EntryKind.Transcript,
        Text = cue.Text,
        Label = cue.Speaker is { Length: > 200 } ? cue.Speaker[..200] : cue.Speaker,
        StartSeconds = cue.StartSeconds,
        EndSeconds = cue.EndSeconds,
    })];

    /// <summary>
    /// A cue of more than 15 s or 240 characters in pieces of about 8 s, each ending with a sentence where one ends in time. Without word times
    /// the cue stays whole: times are never made up.
    /// </summary>
    public static IReadOnlyList<Cue> Split(Cue cue)
    {
        if (cue.Words is not { Count: > 1 } words || (cue.EndSeconds - cue.StartSeconds <= LongSeconds && cue.Text.Length <= LongText))
        {
            return [cue];
        }

        var pieces = new List<Cue>();
        var first = 0;
        for (var at = 0; at < words.Count; at++)
        {
            var seconds = words[at].EndSeconds - words[first].StartSeconds;
            var ends = words[at].Text[^1] is '.' or '?' or '!' or '。' or '？' or '！';
            if (at == words.Count - 1 || (ends && seconds >= PieceSeconds / 2) || words[at + 1].EndSeconds - words[first].StartSeconds > PieceSeconds)
            {
                var text = string.Join(' ', words.Skip(first).Take(at - first + 1).Select(word => word.Text));
                pieces.Add(new Cue(words[first].StartSeconds, Math.Max(words[at].EndSeconds, words[first].StartSeconds + 0.001), text, cue.Speaker));
                first = at + 1;
            }
        }

        return pieces;
    }
}
