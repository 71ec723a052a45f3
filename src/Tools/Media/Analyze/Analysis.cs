namespace Pipeline.Tools.Media.Analyze;

/// <summary>What can be looked for.</summary>
public enum MediaCheck
{
    Scenes,
    Black,
    Freeze,
    Silence,
    Loudness,
    Blur,
    Sharpness,
    Noise,

    /// <summary>How much the picture changes from frame to frame.</summary>
    Motion,

    /// <summary>By how much picture and sound begin or end apart, once decoded.</summary>
    Sync,
}

/// <summary>Something found in a stretch of time.</summary>
/// <param name="Kind"><c>scene</c>, <c>black</c>, <c>freeze</c> or <c>silence</c>.</param>
/// <param name="Score">For a scene: how strong the change at its start was, 0 to 100.</param>
public sealed record MediaTag(double StartSeconds, double EndSeconds, string Kind, string Text, double? Score = null);

/// <summary>
/// What was found, and numbers for the whole: <c>scene_count</c>, <c>black_seconds</c>, <c>frozen_seconds</c>, <c>silent_seconds</c>,
/// <c>loudness_lufs</c>, <c>loudness_range_lu</c>, <c>true_peak_dbfs</c> (EBU R 128), <c>blur</c> (mean edge width in pixels),
/// <c>sharpness</c> (fine detail as a share of all detail, 0 to 1), <c>noise</c> (share of noisy lowest bits, 0 to 1),
/// <c>motion</c> (mean change of luma from frame to frame, 0 to 1), <c>drift_seconds</c> (of decoded frames and samples; only with picture and sound).
/// </summary>
public sealed record Analysis(IReadOnlyList<MediaTag> Tags, IReadOnlyDictionary<string, double> Metrics, long? BytesRead);
