using Pipeline.Index.Text;

namespace Pipeline.Index.Transcripts;

/// <summary>Reads WebVTT, SRT and Whisper's JSON. The format is told by the text itself.</summary>
public static class TranscriptReader
{
    /// <summary>The longest transcript read, in characters.</summary>
    public const int LongestText = 8 * 1024 * 1024;

    private const int MostWarnings = 20;

    /// <summary>
    /// The transcript's cues. Overlapping cues, cues out of order, and cues of no length or no words (left out) are warnings.
    /// </summary>
    /// <exception cref="TranscriptException">A cue is broken, its times are reversed or negative, there is none, or the text is too long.</exception>
    public static Transcript Read(string text)
    {
        if (text.Length > LongestText)
        {
            throw new TranscriptException(1, $"the transcript has {text.Length} characters.", $"Give at most {LongestText}, or transcripts of parts.");
        }

        var start = text.AsSpan().TrimStart("\uFEFF \t\r\n");
        var format = start.StartsWith("WEBVTT", StringComparison.Ordinal) ? "webvtt" : start is ['{' or '[', ..] ? "whisper" : "srt";
        var read = format == "whisper" ? WhisperReader.Read(text) : TimedTextReader.Read(text, webVtt: format == "webvtt");
        return Check(format, read);
    }

    private static Transcript Check(string format, IReadOnlyList<(int Line, Cue Cue)> read)
    {
        var warnings = new List<string>();
        var cues = new List<Cue>(read.Count);
        double reached = 0, started = 0;
        foreach (var (line, raw) in read)
        {
            var cue = raw with { Text = PlainText.Of(raw.Text), Speaker = string.IsNullOrWhiteSpace(raw.Speaker) ? null : PlainText.Of(raw.Speaker) };
            CheckTimes(line, cue);
            if (cue.Text.Length == 0 || cue.EndSeconds <= cue.StartSeconds)
            {
                warnings.Add($"Line {line}: the cue at {cue.StartSeconds} s has {(cue.Text.Length == 0 ? "no words" : "no length")} and was left out.");
                continue;
            }

            if (cue.StartSeconds < started)
            {
                warnings.Add($"Line {line}: the cue at {cue.StartSeconds} s stands after a later one; cues are read in the order of their times.");
            }
            else if (cue.StartSeconds < reached)
            {
                warnings.Add($"Line {line}: the cue at {cue.StartSeconds} s starts before the one before it ends, at {reached} s.");
            }

            (reached, started) = (Math.Max(reached, cue.EndSeconds), Math.Max(started, cue.StartSeconds));
            cues.Add(cue);
        }

        if (cues.Count == 0)
        {
            throw new TranscriptException(1, "the transcript has no cue with words.", "Give WebVTT, SRT or Whisper JSON with at least one, such as '00:01.000 --> 00:02.500' over a line of text.");
        }

        return new Transcript(format, [.. cues.OrderBy(cue => cue.StartSeconds)], Shorten(warnings));
    }

    private static void CheckTimes(int line, Cue cue)
    {
        if (!double.IsFinite(cue.StartSeconds) || !double.IsFinite(cue.EndSeconds) || cue.StartSeconds < 0)
        {
            throw new TranscriptException(line, $"the cue starts at {cue.StartSeconds} s and ends at {cue.EndSeconds} s.", "Times are finite and count from the first frame, at 0.");
        }

        if (cue.EndSeconds < cue.StartSeconds)
        {
            throw new TranscriptException(line, $"the cue ends at {cue.EndSeconds} s, before it starts at {cue.StartSeconds} s.", "A cue ends after it starts.");
        }
    }

    private static List<string> Shorten(List<string> warnings) =>
        warnings.Count <= MostWarnings ? warnings : [.. warnings.Take(MostWarnings), $"and {warnings.Count - MostWarnings} more"];
}
