namespace Pipeline.Tools.Media.Compose;

/// <summary>A stretch of pictures, with its sound unless muted. Without a start it follows the clip before.</summary>
public sealed record ClipPlacement(MediaFile Media, double? StartSeconds = null, double InSeconds = 0, double? OutSeconds = null, bool Mute = false);

/// <summary>A stretch of sound, laid over whatever else sounds.</summary>
public sealed record SoundPlacement(MediaFile Media, double StartSeconds = 0, double GainDb = 0, double InSeconds = 0, double? OutSeconds = null);

/// <summary>What to put together. Size and rate are those of the first clip unless given; loudness is left alone unless given.</summary>
public sealed record Composition(IReadOnlyList<ClipPlacement> Video)
{
    public IReadOnlyList<SoundPlacement> Audio { get; init; } = [];

    public IReadOnlyList<Caption> Captions { get; init; } = [];

    /// <summary>Draw captions into the picture as well; they are always a track of their own.</summary>
    public bool BurnCaptions { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public double? Fps { get; init; }

    /// <summary>Level the whole sound to this loudness (EBU R 128).</summary>
    public double? LoudnessLufs { get; init; }
}

/// <summary>The finished film: its length, the measured difference between the ends of picture and sound, and what it took.</summary>
public sealed record ComposeResult(double DurationSeconds, double DriftSeconds, int Width, int Height, double Fps, double? LoudnessLufs, long? BytesRead, long BytesWritten);
