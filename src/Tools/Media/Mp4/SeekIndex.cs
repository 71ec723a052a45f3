namespace Pipeline.Tools.Media.Mp4;

/// <summary>One key frame: when it is shown and decoded (seconds from the first frame), and where its bytes lie.</summary>
public readonly record struct KeyFrame(double TimeSeconds, double DecodeSeconds, long Offset, int SizeBytes);

/// <summary>
/// What is worth keeping of a movie to find places in it without reading it again: its picture track's key frames. Stored, an hour takes
/// less than 30 KB; where key frames are denser than one in two seconds only so many are kept, evenly.
/// </summary>
public sealed record SeekIndex
{
    /// <summary>The most key frames kept for an hour.</summary>
    public const int KeptPerHour = 1800;

    private const int KeptAtLeast = 600;

    public required double DurationSeconds { get; init; }

    public required string Codec { get; init; }

    public required uint Timescale { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Pictures in all.</summary>
    public required int FrameCount { get; init; }

    /// <summary>Key frames in all, also those that were not kept.</summary>
    public required int KeyCount { get; init; }

    /// <summary>The longest time between two neighbouring key frames, or from the last to the end.</summary>
    public required double MaxGapSeconds { get; init; }

    public required IReadOnlyList<KeyFrame> Keys { get; init; }

    public double AverageGapSeconds => KeyCount == 0 ? 0 : DurationSeconds / KeyCount;

    /// <summary>The index of a movie, or null when it has no pictures.</summary>
    public static SeekIndex? Of(Mp4Movie movie)
    {
        if (movie.Video is not { } video)
        {
            return null;
        }

        var samples = video.Samples;
        var origin = movie.OriginSeconds;
        var keys = new List<KeyFrame>();
        for (var sample = 0; sample < samples.Count; sample++)
        {
            if (samples.Sync(sample))
            {
                keys.Add(new KeyFrame(video.Seconds(samples.Time(sample)) - origin, video.Seconds(samples.DecodeTime(sample)) - origin, samples.Offset(sample), samples.Size(sample)));
            }
        }

        var duration = movie.DurationSeconds;
        var kept = Math.Max(KeptAtLeast, (int)(duration / 3600 * KeptPerHour));
        var step = Math.Max(1, (keys.Count + kept - 1) / kept);
        return new SeekIndex
        {
            DurationSeconds = duration,
            Codec = video.Codec,
            Timescale = video.Timescale,
            Width = video.Width,
            Height = video.Height,
            FrameCount = samples.Count,
            KeyCount = keys.Count,
            MaxGapSeconds = keys.Select((key, n) => (n + 1 < keys.Count ? keys[n + 1].TimeSeconds : duration) - key.TimeSeconds).DefaultIfEmpty(duration).Max(),
            Keys = [.. keys.Where((_, n) => n % step == 0)],
        };
    }
}
