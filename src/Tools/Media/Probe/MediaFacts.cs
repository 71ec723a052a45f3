namespace Pipeline.Tools.Media.Probe;

/// <summary>What a media file holds.</summary>
public sealed record MediaFacts
{
    /// <summary><c>mp4</c>, <c>matroska</c>, <c>wav</c>, ...</summary>
    public required string Container { get; init; }

    public required string MediaType { get; init; }

    /// <summary>From the first frame to the end; null for a still picture.</summary>
    public double? DurationSeconds { get; init; }

    public required IReadOnlyList<StreamFacts> Streams { get; init; }

    /// <summary>Null without pictures that move.</summary>
    public KeyframeFacts? Keyframes { get; init; }

    /// <summary>The first stream with pictures.</summary>
    public StreamFacts? Video() => Streams.FirstOrDefault(stream => stream.Kind == "video");

    public StreamFacts? Audio() => Streams.FirstOrDefault(stream => stream.Kind == "audio");
}

/// <summary>One stream of a file. Width and height are as shown, after rotation.</summary>
public sealed record StreamFacts
{
    public required int Index { get; init; }

    /// <summary><c>video</c>, <c>audio</c>, <c>subtitle</c> or <c>data</c>.</summary>
    public required string Kind { get; init; }

    public required string Codec { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    /// <summary>Average frames per second.</summary>
    public double? Fps { get; init; }

    public int? RotationDegrees { get; init; }

    public int? SampleRate { get; init; }

    public int? Channels { get; init; }

    public double? DurationSeconds { get; init; }
}

/// <summary>How finely a file can be cut without encoding.</summary>
public sealed record KeyframeFacts(int Count, double AverageGapSeconds, double MaxGapSeconds);
