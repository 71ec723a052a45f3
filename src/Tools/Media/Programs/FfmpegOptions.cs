using System.ComponentModel.DataAnnotations;

namespace Pipeline.Tools.Media.Programs;

/// <summary>Bounds on what one call of ffmpeg may take.</summary>
public sealed record FfmpegOptions
{
    /// <summary>Path or name of ffmpeg.</summary>
    /// <value>ffmpeg</value>
    [Required]
    public string Ffmpeg { get; init; } = "ffmpeg";

    /// <summary>Path or name of ffprobe.</summary>
    /// <value>ffprobe</value>
    [Required]
    public string Ffprobe { get; init; } = "ffprobe";

    /// <summary>Wall-clock seconds that all programs of one job may take together; then they are killed, with everything they started.</summary>
    /// <value>1800</value>
    [Range(1, 86400)]
    public double BudgetSeconds { get; init; } = 1800;

    /// <summary>Wall-clock seconds for one look at a file by ffprobe.</summary>
    /// <value>300</value>
    [Range(1, 86400)]
    public double ProbeSeconds { get; init; } = 300;

    /// <summary>How many of each program may run at the same time; further calls wait.</summary>
    /// <value>twice the processors, at least 4</value>
    [Range(1, 10000)]
    public int AtOnce { get; init; } = Math.Max(4, 2 * Environment.ProcessorCount);

    /// <summary>The most bytes a call may write, and a job may hold in its folder.</summary>
    /// <value>16 GiB</value>
    [Range(1, long.MaxValue)]
    public long MaxOutputBytes { get; init; } = 16L << 30;

    /// <summary>The most address space a call may take.</summary>
    /// <value>8 GiB</value>
    [Range(1 << 28, long.MaxValue)]
    public long MaxMemoryBytes { get; init; } = 8L << 30;

    /// <summary>The most pixels one decoded frame may have.</summary>
    /// <value>8192 x 4320</value>
    [Range(1, int.MaxValue)]
    public int MaxPixels { get; init; } = 8192 * 4320;

    /// <summary>The most streams one input may have.</summary>
    /// <value>32</value>
    [Range(1, 1000)]
    public int MaxStreams { get; init; } = 32;

    /// <summary>Threads for each decoder, filter graph and encoder; 0 lets ffmpeg choose.</summary>
    /// <value>0</value>
    [Range(0, 256)]
    public int Threads { get; init; }
}
