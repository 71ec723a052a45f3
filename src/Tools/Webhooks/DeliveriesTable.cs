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
        """,
        """
        drop index webhook_deliveries_due;
        create index webhook_deliveries_waiting on webhook_deliveries(subscription_id, due_at_ms) where ended_at_ms is null;
        create index webhook_deliveries_ended on webhook_deliveries(ended_at_ms) where ended_at_ms is not null;
        """);

    private const string Anew = "state='queued', round=0, generation=generation+1, due_at_ms=@NowMs, ended_at_ms=null";

    private const string Columns =
        "delivery_id, subscription_id, workspace, event_cursor, kind, body, state, attempts, round, generation, due_at_ms, last_status, last_error, created_at_ms, ended_at_ms";

    // When the next delivery of each active subscription is due, the receiver's wish for peace respected. One step in an index each, however many wait.
    private const string Queues =
        """
        (select subscription_id, host, case when throttled_until_ms>first_ms then throttled_until_ms else first_ms end as due_at_ms from (
            select s.subscription_id, s.host, s.throttled_until_ms,
                (select min(d.due_at_ms) from webhook_deliveries d where d.subscription_id=s.subscription_id and d.ended_at_ms is null) as first_ms
            from webhook_subscriptions s where s.state='active' and s.host not in @busy) as firsts where first_ms is not null) as queues
        """;

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

    /// <summary>The subscriptions that have something due at a host that is not busy, the longest waiting first.</summary>
    public static ValueTask<IReadOnlyList<QueueRow>> DueAsync(IQuery query, IReadOnlyCollection<string> busy) => query.QueryAsync<QueueRow>(
        $"select subscription_id, host from {Queues} where due_at_ms<=@NowMs order by due_at_ms, subscription_id", new { busy, query.NowMs });

    /// <summary>When the next delivery to a host that is not busy is due; null when none waits.</summary>
    public static ValueTask<long?> NextDueAsync(IQuery query, IReadOnlyCollection<string> busy) =>
        query.FirstAsync<long?>($"select min(due_at_ms) from {Queues}", new { busy });

    /// <summary>Claims what is due of one subscription: the fencing number rises, and the claim lapses by itself after the lease.</summary>
    public static async ValueTask<IReadOnlyList<DeliveryRow>> ClaimAsync(ITransaction tx, Dialect dialect, string subscriptionId, long leaseMs, int limit)
    {
        var claimed = await tx.QueryAsync<DeliveryRow>(
            $"""
            with picked as (
                select delivery_id from webhook_deliveries
                where subscription_id=@subscriptionId and ended_at_ms is null and due_at_ms<=@NowMs
                order by due_at_ms limit @limit {dialect.SkipLocked})
            update webhook_deliveries set generation=generation+1, attempts=attempts+1, round=round+1, due_at_ms=@NowMs+@leaseMs
            where ended_at_ms is null and due_at_ms<=@NowMs and delivery_id in (select delivery_id from picked)
                and exists (select 1 from webhook_subscriptions s where s.subscription_id=@subscriptionId and s.state='active' and s.throttled_until_ms<=@NowMs)
            returning {Columns}, {OfSubscription("url")} as url, {OfSubscription("host")} as host, {OfSubscription("secret")} as secret,
                {OfSubscription("case when s.old_secret_until_ms>@NowMs then s.old_secret end")} as old_secret
            """,
            new { subscriptionId, leaseMs, limit, tx.NowMs }).ConfigureAwait(false);
        return [.. claimed.OrderBy(row => row.EventCursor)]; // an update gives its rows in no order
    }

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
    public static async ValueTask<int> ReplayAsync(ITransaction tx, string deliveryId)
    {
        tx.Notify(Channel);
        return await tx.ExecuteAsync($"update webhook_deliveries set {Anew} where delivery_id=@deliveryId", new { deliveryId, tx.NowMs }).ConfigureAwait(false);
    }

    /// <summary>The same for the oldest of a subscription's that ended in a state and were made in [since, until); how many there were.</summary>
    public static async ValueTask<int> ReplayAsync(ITransaction tx, string subscriptionId, string state, long sinceMs, long untilMs, int limit)
    {
        tx.Notify(Channel);
        return await tx.ExecuteAsync(
            $"""
            update webhook_deliveries set {Anew} where delivery_id in (
                select delivery_id from webhook_deliveries
                where subscription_id=@subscriptionId and state=@state and ended_at_ms is not null and created_at_ms>=@sinceMs and created_at_ms<@untilMs
                order by event_cursor limit @limit)
            """,
            new { subscriptionId, state, sinceMs, untilMs, limit, tx.NowMs }).ConfigureAwait(false);
    }

    /// <summary>Gives up what has waited since before a time for a subscription that stays disabled; how many there were.</summary>
    public static ValueTask<int> GiveUpAsync(ITransaction tx, long createdBeforeMs, int limit) => tx.ExecuteAsync(
        """
        update webhook_deliveries set state='dead', ended_at_ms=@NowMs, last_error=coalesce(last_error, 'the subscription stayed disabled') where delivery_id in (
            select d.delivery_id from webhook_subscriptions s join webhook_deliveries d on d.subscription_id=s.subscription_id
            where s.state='disabled' and d.ended_at_ms is null and d.created_at_ms<@createdBeforeMs limit @limit)
        """,
        new { createdBeforeMs, limit, tx.NowMs });

    /// <summary>Forgets what arrived before one time and what died before another; how many there were.</summary>
    public static ValueTask<int> ForgetAsync(ITransaction tx, long deliveredBeforeMs, long deadBeforeMs, int limit) => tx.ExecuteAsync(
        """
        delete from webhook_deliveries where delivery_id in (
            select delivery_id from webhook_deliveries
            where ended_at_ms is not null and ended_at_ms<case when state='dead' then @deadBeforeMs else @deliveredBeforeMs end
            order by ended_at_ms limit @limit)
        """,
        new { deliveredBeforeMs, deadBeforeMs, limit });

    private static string OfSubscription(string value) =>
        $"(select {value} from webhook_subscriptions s where s.subscription_id=webhook_deliveries.subscription_id)";

    /// <summary>How many deliveries are due and not under way.</summary>
    public static ValueTask<long> CountDueAsync(IQuery query) =>
        query.FirstAsync<long>("select count(*) from webhook_deliveries where ended_at_ms is null and due_at_ms<=@NowMs", new { query.NowMs });
}
