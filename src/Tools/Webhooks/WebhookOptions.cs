using System.ComponentModel.DataAnnotations;

namespace Pipeline.Tools.Webhooks;

/// <summary>How messages are sent to receivers.</summary>
public sealed record WebhookOptions
{
    /// <summary>Delays between one attempt and the next; after the last the message is dead.</summary>
    /// <value>5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h: ten attempts in about three days, as Standard Webhooks recommends</value>
    [MinLength(1)]
    public IReadOnlyList<TimeSpan> Schedule { get; init; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>How far a delay strays from the schedule, as a share of it.</summary>
    /// <value>0.2</value>
    [Range(0.0, 1.0)]
    public double Jitter { get; init; } = 0.2;

    /// <summary>How long a receiver may take to answer.</summary>
    /// <value>20 seconds</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>After how long a claimed delivery whose sender died is sent again. Longer than <see cref="Timeout"/>.</summary>
    /// <value>60 seconds</value>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest that a receiver's Retry-After is followed.</summary>
    /// <value>24 hours</value>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>A subscription that only failed for so long is disabled.</summary>
    /// <value>5 days</value>
    public TimeSpan DisableAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>How long the key before still signs beside the new one after a subscription was renewed.</summary>
    /// <value>24 hours</value>
    public TimeSpan KeyOverlap { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a delivery that arrived is kept, to be listed and replayed.</summary>
    /// <value>14 days</value>
    public TimeSpan KeepDelivered { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How long a dead delivery is kept, to be listed and replayed. What waits so long for a disabled subscription dies.</summary>
    /// <value>30 days</value>
    public TimeSpan KeepDead { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Requests under way at once.</summary>
    /// <value>32</value>
    [Range(1, 1000)]
    public int MaxInFlight { get; init; } = 32;

    /// <summary>Requests under way at once to one host.</summary>
    /// <value>4</value>
    [Range(1, 1000)]
    public int MaxPerHost { get; init; } = 4;

    /// <summary>How long requests under way may still take when the server stops.</summary>
    /// <value>3 seconds</value>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(3);
}
