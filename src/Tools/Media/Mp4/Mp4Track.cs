namespace Pipeline.Tools.Media.Mp4;

/// <summary>One track: how it is described, how its time maps to the presentation, and its samples. Box bytes are kept as they were.</summary>
public sealed class Mp4Track
{
    public required uint Id { get; init; }

    /// <summary>The handler: <c>vide</c>, <c>soun</c>, or another one.</summary>
    public required string Handler { get; init; }

    /// <summary>The sample entry's type: <c>avc1</c>, <c>hvc1</c>, <c>mp4a</c>, ...</summary>
    public required string Codec { get; init; }

    /// <summary>Ticks per second.</summary>
    public required uint Timescale { get; init; }

    public required Mp4Samples Samples { get; init; }

    /// <summary>Coded size from the sample entry; 0 for sound.</summary>
    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>Rotation in degrees clockwise, from the header's matrix: 0, 90, 180 or 270; other matrices count as 0.</summary>
    public int Rotation { get; init; }

    public int Channels { get; init; }

    public int SampleRate { get; init; }

    /// <summary>Seconds before the first edit shows anything.</summary>
    public double EmptySeconds { get; init; }

    /// <summary>The media time that is shown first.</summary>
    public long MediaStart { get; init; }

    /// <summary>The media time where showing stops; null: at the end.</summary>
    public long? MediaEnd { get; init; }

    /// <summary>Why the time mapping is more than one plain edit; null when it is not.</summary>
    public string? Complex { get; init; }

    internal byte[] Header { get; init; } = [];

    internal byte[] HandlerBox { get; init; } = [];

    internal byte[] MediaHeader { get; init; } = [];

    internal byte[] Descriptions { get; init; } = [];

    internal int Language { get; init; }

    public bool IsVideo => Handler == "vide";

    public bool IsAudio => Handler == "soun";

    /// <summary>Where a media time lies on the presentation's clock, in seconds.</summary>
    public double Seconds(long time) => EmptySeconds + ((double)(time - MediaStart) / Timescale);

    /// <summary>The media time at a presentation time, rounded to the nearest tick.</summary>
    public long Ticks(double seconds) => MediaStart + (long)Math.Round((seconds - EmptySeconds) * Timescale);

    /// <summary>The first sample that is shown, or null when none is.</summary>
    public int? FirstShown => Samples.FirstFrom(MediaStart) is { } first && (MediaEnd is null || Samples.Time(first) < MediaEnd) ? first : null;

    /// <summary>The presentation time at which the track ends, in seconds.</summary>
    public double EndSeconds
    {
        get
        {
            var end = Samples.LastUntil((MediaEnd ?? (long.MaxValue / 8)) - 1) is { } last ? Samples.Time(last) + Math.Max(1, Samples.Duration(last)) : MediaStart;
            return Seconds(MediaEnd is { } stop ? Math.Min(stop, end) : end);
        }
    }
}
