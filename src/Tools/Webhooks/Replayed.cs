namespace Pipeline.Tools.Webhooks;

/// <summary>What is sent again.</summary>
/// <param name="Count">How many deliveries.</param>
/// <param name="More">True when the limit cut it off: the same call again takes the next dead ones; for delivered ones, move since on.</param>
/// <param name="DeliveryId">The delivery, when one was named; what follows describes it.</param>
public sealed record Replayed(
    long Count, bool? More, string? DeliveryId, string SubscriptionId, string? Event, string State, long? Attempts, DateTimeOffset? NextAttemptAt, long? LastStatus,
    string? LastError, DateTimeOffset? CreatedAt)
{
    internal static Replayed One(DeliveryEntry entry) => new(
        1, null, entry.DeliveryId, entry.SubscriptionId, entry.Event, entry.State, entry.Attempts, entry.NextAttemptAt, entry.LastStatus, entry.LastError, entry.CreatedAt);
}
