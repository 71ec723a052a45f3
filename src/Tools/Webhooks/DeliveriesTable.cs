using Pipeline.Storage.State;

namespace Pipeline.Tools.Webhooks;

/// <summary>Messages to receivers: inserted with their event, claimed with a lease and a fencing number, kept when they arrived or died.</summary>
public static class DeliveriesTable
{
    /// <summary>The channel that is signalled when there may be something to send.</summary>
    public const string Channel = "webhooks";

    public static readonly Table Schema = new("webhook_deliveries",
        """
        create table webhook_deliveries (
            delivery_id text primary key, subscription_id text not null, workspace text not null, event_cursor bigint not null, kind text not null,
            body text not null, state text not null, attempts bigint not null, round bigint not null, generation bigint not null, due_at_ms bigint not null,
            last_status bigint, last_error text, created_at_ms bigint not null, ended_at_ms bigint);
        create index webhook_deliveries_due on webhook_deliveries(due_at_ms) where ended_at_ms is null;
        create index webhook_deliveries_by_subscription on webhook_deliveries(subscription_id, delivery_id);
        create index webhook_deliveries_by_workspace on webhook_deliveries(workspace, delivery_id);
        create index webhook_deliveries_by_event on webhook_deliveries(event_cursor);
        """,
        """
        drop index webhook_deliveries_by_subscription;
        drop index webhook_deliveries_by_workspace;
        create index webhook_deliveries_of_subscription on webhook_deliveries(subscription_id, event_cursor);
        create index webhook_deliveries_of_workspace on webhook_deliveries(workspace, event_cursor);
        """);

    private const string Columns =
        "delivery_id, subscription_id, workspace, event_cursor, kind, body, state, attempts, round, generation, due_at_ms, last_status, last_error, created_at_ms, ended_at_ms";

    // A delivery to an active subscription whose receiver has not asked for peace.
    private const string Sendable =
        "webhook_deliveries d join webhook_subscriptions s on s.subscription_id=d.subscription_id where d.ended_at_ms is null and s.state='active' and s.host not in @busy";

    public static async ValueTask InsertAsync(ITransaction tx, DeliveryRow row)
    {
        await tx.ExecuteAsync(
            $"""
            insert into webhook_deliveries({Columns})
            values(@DeliveryId, @SubscriptionId, @Workspace, @EventCursor, @Kind, @Body, @State, @Attempts, @Round, @Generation, @DueAtMs, @LastStatus, @LastError,
                @CreatedAtMs, @EndedAtMs)
            """,
            row).ConfigureAwait(false);
        tx.Notify(Channel);
    }

    public static ValueTask<DeliveryRow?> FindAsync(IQuery query, string deliveryId) => query.FirstAsync<DeliveryRow>(
        $"select {Columns} from webhook_deliveries where delivery_id=@deliveryId", new { deliveryId });

    /// <summary>The deliveries that an event made.</summary>
    public static ValueTask<IReadOnlyList<string>> OfEventAsync(IQuery query, long eventCursor) => query.QueryAsync<string>(
        "select delivery_id from webhook_deliveries where event_cursor=@eventCursor order by delivery_id", new { eventCursor });

    /// <summary>A page, newest first, of a workspace or of one subscription in it.</summary>
    public static ValueTask<IReadOnlyList<DeliveryRow>> PageAsync(
        IQuery query, string workspace, string? subscriptionId, string? state, long before, string beforeId, int limit) => query.QueryAsync<DeliveryRow>(
        $"""
        select {Columns} from webhook_deliveries
        where workspace=@workspace {(subscriptionId is null ? "" : "and subscription_id=@subscriptionId")} {(state is null ? "" : "and state=@state")}
            and (event_cursor<@before or (event_cursor=@before and delivery_id>@beforeId))
        order by event_cursor desc, delivery_id limit @limit
        """,
        new { workspace, subscriptionId, state, before, beforeId, limit });

    /// <summary>The hosts that have something due, the longest waiting first.</summary>
    public static ValueTask<IReadOnlyList<string>> DueHostsAsync(IQuery query, IReadOnlyCollection<string> busy) => query.QueryAsync<string>(
        $"select s.host from {Sendable} and d.due_at_ms<=@NowMs and s.throttled_until_ms<=@NowMs group by s.host order by min(d.due_at_ms)", new { busy, query.NowMs });

    /// <summary>When the next delivery to a host that is not busy is due; null when none waits.</summary>
    public static ValueTask<long?> NextDueAsync(IQuery query, IReadOnlyCollection<string> busy) => query.FirstAsync<long?>(
        $"select min(case when s.throttled_until_ms>d.due_at_ms then s.throttled_until_ms else d.due_at_ms end) from {Sendable}", new { busy });

    /// <summary>Claims what is due at one host: the fencing number rises, and the claim lapses by itself after the lease.</summary>
    public static ValueTask<IReadOnlyList<DeliveryRow>> ClaimAsync(ITransaction tx, string host, long leaseMs, int limit) => tx.QueryAsync<DeliveryRow>(
        $"""
        update webhook_deliveries set generation=generation+1, attempts=attempts+1, round=round+1, due_at_ms=@NowMs+@leaseMs
        where delivery_id in (
            select d.delivery_id from webhook_deliveries d join webhook_subscriptions s on s.subscription_id=d.subscription_id
            where d.ended_at_ms is null and s.state='active' and s.host=@host and d.due_at_ms<=@NowMs and s.throttled_until_ms<=@NowMs
            order by d.due_at_ms limit @limit)
        returning {Columns},
            (select s.url from webhook_subscriptions s where s.subscription_id=webhook_deliveries.subscription_id) as url,
            (select s.host from webhook_subscriptions s where s.subscription_id=webhook_deliveries.subscription_id) as host,
            (select s.secret from webhook_subscriptions s where s.subscription_id=webhook_deliveries.subscription_id) as secret
        """,
        new { host, leaseMs, limit, tx.NowMs });

    /// <summary>Keeps the outcome of the attempt that holds the claim; 0 when the claim has passed on.</summary>
    public static async ValueTask<int> EndAttemptAsync(ITransaction tx, DeliveryRow claimed, string state, long dueAtMs, long? status, string? error)
    {
        tx.Notify(Channel);
        return await tx.ExecuteAsync(
            """
            update webhook_deliveries set state=@state, due_at_ms=@dueAtMs, last_status=@status, last_error=@error, ended_at_ms=@endedAtMs
            where delivery_id=@DeliveryId and generation=@Generation and ended_at_ms is null
            """,
            new
            {
                claimed.DeliveryId, claimed.Generation, state, dueAtMs, status, error, endedAtMs = state is DeliveryState.Delivered or DeliveryState.Dead ? tx.NowMs : (long?)null,
            }).ConfigureAwait(false);
    }

    /// <summary>Gives a claim back unused.</summary>
    public static ValueTask<int> ReleaseAsync(ITransaction tx, DeliveryRow claimed) => tx.ExecuteAsync(
        """
        update webhook_deliveries set attempts=attempts-1, round=round-1, generation=generation+1, due_at_ms=@NowMs
        where delivery_id=@DeliveryId and generation=@Generation and ended_at_ms is null
        """,
        new { claimed.DeliveryId, claimed.Generation, tx.NowMs });

    /// <summary>Queues a delivery anew under its old id, from the schedule's beginning.</summary>
    public static async ValueTask ReplayAsync(ITransaction tx, string deliveryId)
    {
        tx.Notify(Channel);
        await tx.ExecuteAsync(
            "update webhook_deliveries set state='queued', round=0, generation=generation+1, due_at_ms=@NowMs, ended_at_ms=null where delivery_id=@deliveryId",
            new { deliveryId, tx.NowMs }).ConfigureAwait(false);
    }
}
