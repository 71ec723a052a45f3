using System.Globalization;

namespace Pipeline.Index.Transcripts;

/// <summary>Times such as <c>01:02:03.456</c>, <c>02:03,456</c> or <c>02:03</c>.</summary>
internal static class CueTime
{
    private const string Right = "Write times as hours:minutes:seconds.milliseconds, such as 00:01:02.500.";

    /// <summary>Seconds.</summary>
    /// <exception cref="TranscriptException">It is no time, or a negative one.</exception>
    public static double Read(int line, string text)
    {
        var time = text.Trim();
        if (time.StartsWith('-'))
        {
            throw new TranscriptException(line, $"the time '{Shown(time)}' is negative.", "Times count from the first frame, at 0.");
        }

        var parts = time.Replace(',', '.').Split(':');
        if (parts.Length is < 2 or > 3 || !Seconds(parts[^1], out var seconds))
        {
            throw new TranscriptException(line, $"'{Shown(time)}' is no time.", Right);
        }

        double unit = 60;
        for (var part = parts.Length - 2; part >= 0; part--, unit *= 60)
        {
            if (!int.TryParse(parts[part], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || (part == parts.Length - 2 && count > 59) || count > 99_999)
            {
                throw new TranscriptException(line, $"'{Shown(time)}' is no time.", Right);
            }

            seconds += count * unit;
        }

        return Math.Round(seconds, 3);
    }

    private static bool Seconds(string text, out double seconds) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds) && seconds < 60;

    private static string Shown(string text) => Text.PlainText.Of(text.Length <= 40 ? text : text[..40]);
}
