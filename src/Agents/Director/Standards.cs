namespace Pipeline.Agents.Director;

/// <summary>What the director holds footage against, and how much it asks for.</summary>
public sealed record Standards
{
    /// <value>Cleanness (0 to 1) below which a segment is denoised: 0.2. Clean footage measured 0.5 to 0.9, noise one sees 0.00.</value>
    public double MinCleanness { get; init; } = 0.2;

    /// <value>Sharpness (0 to 1) below which a segment is sharpened: 0.08. Sharp footage measured 0.10 to 0.17, blurred 0.05.</value>
    public double MinSharpness { get; init; } = 0.08;

    /// <value>Score (0 to 1) below which no take of a shot will do, so that another pass is made: 0.35. A black or frozen take scores 0.05.</value>
    public double MinTakeScore { get; init; } = 0.35;

    /// <value>The most further passes of one shot: 2.</value>
    public int MaxPasses { get; init; } = 2;

    /// <value>Loudness of the final cut: -16 LUFS, as for the web.</value>
    public double LoudnessLufs { get; init; } = -16;

    /// <value>The most segments of a film: 8.</value>
    public int MaxSegments { get; init; } = 8;

    /// <value>The longest that one segment may be: 12 s.</value>
    public double MaxSegmentSeconds { get; init; } = 12;
}
