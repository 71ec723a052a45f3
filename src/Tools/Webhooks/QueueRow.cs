namespace Pipeline.Tools.Webhooks;

/// <summary>A subscription that has something due.</summary>
public sealed record QueueRow
{
    public string SubscriptionId { get; init; } = "";

    /// <summary>Host and port of its receiver.</summary>
    public string Host { get; init; } = "";
}
