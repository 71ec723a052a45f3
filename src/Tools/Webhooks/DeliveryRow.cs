namespace Pipeline.Tools.Webhooks;

/// <summary>One message to one receiver as stored.</summary>
public sealed record DeliveryRow
{
    /// <summary>Also the message's id for the receiver: the same on every attempt.</summary>
    public string DeliveryId { get; init; } = "";
    public string SubscriptionId { get; init; } = "";
    public string Workspace { get; init; } = "";
    public long EventCursor { get; init; }
    public string Kind { get; init; } = "";

    /// <summary>What is sent, the same bytes on every attempt.</summary>
    public string Body { get; init; } = "";

    /// <summary>Of <see cref="DeliveryState"/>.</summary>
    public string State { get; init; } = DeliveryState.Queued;

    /// <summary>Attempts begun, over all replays.</summary>
    public long Attempts { get; init; }

    /// <summary>Attempts begun since the last replay: the place in the schedule.</summary>
    public long Round { get; init; }

    /// <summary>Fencing number of the claim; an outcome that names an older one changes nothing.</summary>
    public long Generation { get; init; }

    /// <summary>When it is to be sent; while an attempt runs, when its claim lapses.</summary>
    public long DueAtMs { get; init; }
    public long? LastStatus { get; init; }
    public string? LastError { get; init; }
    public long CreatedAtMs { get; init; }
    public long? EndedAtMs { get; init; }

    /// <summary>Address, read with a claim.</summary>
    public string Url { get; init; } = "";

    /// <summary>Host and port, read with a claim.</summary>
    public string Host { get; init; } = "";

    /// <summary>Key, read with a claim.</summary>
    public string Secret { get; init; } = "";

    /// <summary>The key before, while it signs too; read with a claim.</summary>
    public string? OldSecret { get; init; }
}
