namespace Pipeline.Tools.Webhooks;

/// <summary>Where a delivery stands, as stored and as on the wire.</summary>
public static class DeliveryState
{
    /// <summary>To be sent for the first time.</summary>
    public const string Queued = "queued";

    /// <summary>Sent in vain, to be sent again.</summary>
    public const string Retrying = "retrying";

    /// <summary>The receiver answered 2xx.</summary>
    public const string Delivered = "delivered";

    /// <summary>Given up, kept for a replay.</summary>
    public const string Dead = "dead";

    public static readonly IReadOnlyList<string> All = [Queued, Delivered, Retrying, Dead];
}
