namespace Pipeline.Index.Transcripts;

/// <summary>Reads the blocks of WebVTT and SRT: an optional name or number, a line of times, lines of text, an empty line.</summary>
internal static class TimedTextReader
{
    private const string Arrow = "-->";

    /// <summary>Every cue with the line of its times, in the order of the text.</summary>
    public static IReadOnlyList<(int Line, Cue Cue)> Read(string text, bool webVtt)
    {
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        var cues = new List<(int, Cue)>();
        var at = 0;
        while (at < lines.Length && lines[at].Trim().Length == 0)
        {
            at++;
        }

        if (webVtt)
        {
            at = SkipBlock(lines, at);
        }

        while (at < lines.Length)
        {
            var line = lines[at].Trim();
            var skipped = webVtt && (line == "NOTE" || line.StartsWith("NOTE ", StringComparison.Ordinal) || line is "STYLE" or "REGION");
            at = line.Length == 0 ? at + 1 : skipped ? SkipBlock(lines, at + 1) : ReadCue(lines, at, cues);
        }

        return cues;
    }

    // A header or comment goes to the next empty line; times in it mean that the empty line was forgotten, and then the cue begins there.
    private static int SkipBlock(string[] lines, int at)
    {
        while (at < lines.Length && lines[at].Trim().Length > 0 && !lines[at].Contains(Arrow, StringComparison.Ordinal))
        {
            at++;
        }

        return at;
    }

    private static int ReadCue(string[] lines, int at, List<(int, Cue)> cues)
    {
        var timed = lines[at].Contains(Arrow, StringComparison.Ordinal) ? at : at + 1;
        if (timed >= lines.Length || !lines[timed].Contains(Arrow, StringComparison.Ordinal))
        {
            throw new TranscriptException(
                at + 1, "the cue has no line of times.", "Under its number, or instead of one, a cue has a line such as 00:00:01.000 --> 00:00:02.500.");
        }

        var (start, end) = ReadTimes(lines[timed], timed + 1);
        var next = timed + 1;
        var text = new List<string>();
        while (next < lines.Length && lines[next].Trim().Length > 0 && !lines[next].Contains(Arrow, StringComparison.Ordinal))
        {
            text.Add(lines[next++]);
        }

        // Times right under text: the empty line was forgotten, and a number before them is the next cue's.
        if (next < lines.Length && lines[next].Contains(Arrow, StringComparison.Ordinal) && text.Count > 0 && text[^1].Trim().All(char.IsAsciiDigit))
        {
            text.RemoveAt(text.Count - 1);
        }

        var (bare, speaker) = CueMarkup.Strip(string.Join('\n', text));
        cues.Add((timed + 1, new Cue(start, end, bare, speaker)));
        return next;
    }

    private static (double Start, double End) ReadTimes(string line, int number)
    {
        var arrow = line.IndexOf(Arrow, StringComparison.Ordinal);
        var after = line[(arrow + Arrow.Length)..].Trim();
        var settings = after.IndexOfAny([' ', '\t']);
        return (CueTime.Read(number, line[..arrow]), CueTime.Read(number, settings < 0 ? after : after[..settings]));
    }
}
