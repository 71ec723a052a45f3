using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Webhooks;

/// <summary>The subscription was disabled: its receiver went away or failed for too long.</summary>
public sealed class SubscriptionDisabledError : ToolError
{
    public SubscriptionDisabledError(SubscriptionRow row) : base("subscription_disabled",
        $"The subscription '{row.SubscriptionId}' is disabled: {row.Reason}. Once the receiver is back, replay_delivery of one of its deliveries enables it, or subscribe_webhook with this subscription_id.")
    {
        Facts = new { row.SubscriptionId, row.Reason };
        Next = "replay_delivery";
    }
}
