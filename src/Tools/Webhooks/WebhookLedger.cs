using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;

namespace Pipeline.Tools.Webhooks;

/// <summary>Writes down how an attempt ended and what follows: another attempt, a dead letter, a disabled subscription.</summary>
internal sealed class WebhookLedger(IDatabase database, EventLog events, WebhookOptions options, Ids ids)
{
    /// <summary>Keeps the outcome, unless the claim has passed to another sender.</summary>
    public Task<bool> SettleAsync(DeliveryRow claimed, AttemptOutcome outcome, CancellationToken cancellation) => database.TransactAsync(claimed.Workspace, async tx =>
    {
        var delay = outcome.Arrived || outcome.Gone ? null : RetrySchedule.After(options, claimed.Round, ids.Chance(), outcome.RetryAfter);
        var state = outcome.Arrived ? DeliveryState.Delivered : delay is null ? DeliveryState.Dead : DeliveryState.Retrying;
        var dueAtMs = tx.NowMs + (long)(delay?.TotalMilliseconds ?? 0);
        if (await DeliveriesTable.EndAttemptAsync(tx, claimed, state, dueAtMs, outcome.Status, outcome.Error).ConfigureAwait(false) == 0)
        {
            return false;
        }

        if (outcome.Arrived)
        {
            await SubscriptionsTable.SucceededAsync(tx, claimed.SubscriptionId).ConfigureAwait(false);
            return true;
        }

        if (state == DeliveryState.Dead)
        {
            await events.AppendAsync(tx, claimed.Workspace, "webhook.dead", claimed.DeliveryId,
                new { claimed.DeliveryId, claimed.SubscriptionId, @event = claimed.Kind, claimed.Attempts, outcome.Status, outcome.Error }).ConfigureAwait(false);
        }

        await PunishAsync(tx, claimed, outcome).ConfigureAwait(false);
        return true;
    }, cancellation);

    /// <summary>Gives back a claim whose request was cut off by the server's own end.</summary>
    public Task<int> ReleaseAsync(DeliveryRow claimed, CancellationToken cancellation) =>
        database.TransactAsync(claimed.Workspace, tx => DeliveriesTable.ReleaseAsync(tx, claimed), cancellation);

    private async ValueTask PunishAsync(ITransaction tx, DeliveryRow claimed, AttemptOutcome outcome)
    {
        var rest = RetrySchedule.After(options, 1, ids.Chance(), outcome.RetryAfter) ?? TimeSpan.Zero;
        var throttledUntilMs = outcome.Overloaded ? tx.NowMs + (long)rest.TotalMilliseconds : 0;
        var failingSinceMs = await SubscriptionsTable.FailedAsync(tx, claimed.SubscriptionId, throttledUntilMs).ConfigureAwait(false);
        var reason = outcome.Gone ? "the receiver answered 410 Gone"
            : tx.NowMs - failingSinceMs >= options.DisableAfter.TotalMilliseconds ? $"every delivery has failed since {Instant.From(failingSinceMs):yyyy-MM-dd HH:mm}Z"
            : null;
        if (reason is not null && await SubscriptionsTable.DisableAsync(tx, claimed.SubscriptionId, reason).ConfigureAwait(false) == 1)
        {
            await events.AppendAsync(tx, claimed.Workspace, "webhook.disabled", claimed.SubscriptionId, new { claimed.SubscriptionId, reason }).ConfigureAwait(false);
        }
    }
}
