using System.ComponentModel.DataAnnotations;

namespace Pipeline.Tools.Generation;

/// <summary>How jobs are worked on.</summary>
public sealed record GenerationOptions
{
    /// <summary>Jobs under way at once on this node.</summary>
    /// <value>64</value>
    [Range(1, 1000)]
    public int MaxInFlight { get; init; } = 64;

    /// <summary>After how long a job whose node died is taken up by another; a live node renews its claim three times within it.</summary>
    /// <value>60 seconds</value>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a job may wait for a model that refuses or is out of reach, when its caller names no time.</summary>
    /// <value>24 hours</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(24);

    /// <summary>For how long a job that has ended is kept, its intent with it: asked for again after that it is bought anew.</summary>
    /// <value>90 days</value>
    public TimeSpan Kept { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long calls under way may still take when the server stops: what is cut off is ambiguous.</summary>
    /// <value>8 seconds</value>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Where vendors reach this server; null when they do not.</summary>
    /// <value>null</value>
    public Uri? PublicUrl { get; init; }
}
