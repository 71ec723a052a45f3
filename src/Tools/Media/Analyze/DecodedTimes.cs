using System.Globalization;

namespace Pipeline.Tools.Media.Analyze;

/// <summary>When the frames of one stream really begin and end, as they came out of the decoder.</summary>
/// <param name="StartSeconds">Of the first frame.</param>
/// <param name="EndSeconds">Of the last frame: its start and the length of the one before it.</param>
public sealed record DecodedTimes(double StartSeconds, double EndSeconds)
{
    private const string Mark = "pts_time:";

    /// <summary>Reads the times that a metadata filter printed, one line a frame; null when there are fewer than two.</summary>
    public static DecodedTimes? Read(string file)
    {
        double? first = null, last = null, before = null;
        foreach (var line in File.Exists(file) ? File.ReadLines(file) : [])
        {
            var at = line.IndexOf(Mark, StringComparison.Ordinal);
            if (at < 0 || !double.TryParse(line.AsSpan(at + Mark.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var time) || !double.IsFinite(time))
            {
                continue;
            }

            first ??= time;
            (before, last) = (last, time);
        }

        return first is { } start && last is { } end && before is { } next ? new DecodedTimes(start, end + Math.Max(0, end - next)) : null;
    }

    /// <summary>By how much the two begin or end apart, whichever is more; null when one was not decoded.</summary>
    public static double? Drift(DecodedTimes? picture, DecodedTimes? sound) => picture is null || sound is null
        ? null
        : Math.Max(Math.Abs(picture.StartSeconds - sound.StartSeconds), Math.Abs(picture.EndSeconds - sound.EndSeconds));
}
