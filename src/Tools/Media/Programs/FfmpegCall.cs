namespace Pipeline.Tools.Media.Programs;

/// <summary>One call of ffmpeg: inputs, then arguments, then outputs written into the job's folder by relative names.</summary>
public sealed record FfmpegCall(IReadOnlyList<FfmpegInput> Inputs, IReadOnlyList<string> Arguments)
{
    /// <summary>How long the result is, for progress as a fraction; null: no progress.</summary>
    public double? ExpectedSeconds { get; init; }

    /// <summary>Told how much is done, from 0 to 1.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Sees every line that filters and codecs print, for those that report only there.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>A shorter wall-clock budget than the options give.</summary>
    public double? BudgetSeconds { get; init; }

    /// <summary>A smaller bound on what may be written.</summary>
    public long? MaxOutputBytes { get; init; }
}

/// <summary>What a call took, by the child's own accounting; null where it did not say.</summary>
public sealed record FfmpegResult(long? BytesRead, long? BytesWritten);
