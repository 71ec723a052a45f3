using System.ComponentModel.DataAnnotations;

namespace Pipeline.Tools.Assets;

/// <summary>How much and how patiently bytes are fetched.</summary>
public sealed record ImportOptions
{
    /// <summary>The largest asset that is taken in.</summary>
    /// <value>256 GiB</value>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; init; } = 256L << 30;

    /// <summary>How often a download that breaks off is taken up again.</summary>
    /// <value>5</value>
    [Range(1, 100)]
    public int MaxAttempts { get; init; } = 5;

    /// <summary>The delay before the second attempt; it doubles each time.</summary>
    /// <value>0.5 s</value>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long a server may keep silent.</summary>
    /// <value>30 s</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
