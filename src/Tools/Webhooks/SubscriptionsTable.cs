using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Webhooks;

/// <summary>Who wants to hear of which events, and where.</summary>
public static class SubscriptionsTable
{
    public static readonly Table Schema = new("webhook_subscriptions",
        """
        create table webhook_subscriptions (
            subscription_id text primary key, workspace text not null, url text not null, host text not null, events text not null, secret text not null,
            state text not null, reason text, failing_since_ms bigint, throttled_until_ms bigint not null,
            principal text not null, agent text not null, created_at_ms bigint not null);
        create index webhook_subscriptions_by_workspace on webhook_subscriptions(workspace);
        """,
        """
        alter table webhook_subscriptions add column old_secret text;
        alter table webhook_subscriptions add column old_secret_until_ms bigint not null default 0;
        """);

    private const string Columns =
        "subscription_id, workspace, url, host, events, secret, old_secret, old_secret_until_ms, state, reason, failing_since_ms, throttled_until_ms, principal, agent, created_at_ms";

    public static ValueTask<int> InsertAsync(ITransaction tx, SubscriptionRow row) => tx.ExecuteAsync(
        $"""
        insert into webhook_subscriptions({Columns})
        values(@SubscriptionId, @Workspace, @Url, @Host, @Events, @Secret, @OldSecret, @OldSecretUntilMs, @State, @Reason, @FailingSinceMs, @ThrottledUntilMs, @Principal,
            @Agent, @CreatedAtMs)
        """,
        row);

    /// <summary>Gives a subscription another address, other events and another key, and enables it.</summary>
    public static async ValueTask RenewAsync(ITransaction tx, SubscriptionRow row)
    {
        tx.Notify(DeliveriesTable.Channel);
        await tx.ExecuteAsync(
            """
            update webhook_subscriptions set url=@Url, host=@Host, events=@Events, secret=@Secret, old_secret=@OldSecret, old_secret_until_ms=@OldSecretUntilMs,
                state='active', reason=null, failing_since_ms=null, throttled_until_ms=0
            where subscription_id=@SubscriptionId
            """,
            row).ConfigureAwait(false);
    }

    /// <summary>Forgets keys that sign no more.</summary>
    public static ValueTask<int> ForgetOldSecretsAsync(ITransaction tx) => tx.ExecuteAsync(
        "update webhook_subscriptions set old_secret=null where old_secret is not null and old_secret_until_ms<=@NowMs", new { tx.NowMs });

    public static ValueTask<SubscriptionRow?> FindAsync(IQuery query, string subscriptionId) => query.FirstAsync<SubscriptionRow>(
        $"select {Columns} from webhook_subscriptions where subscription_id=@subscriptionId", new { subscriptionId });

    /// <summary>The subscription, when the caller sees its workspace and that is <paramref name="workspace"/>, if one is named.</summary>
    /// <exception cref="NotFoundError">Otherwise, without telling which.</exception>
    public static async ValueTask<SubscriptionRow> RequireAsync(IQuery query, Caller caller, string subscriptionId, string? workspace)
    {
        var row = await FindAsync(query, subscriptionId).ConfigureAwait(false);
        return row is not null && caller.Sees(row.Workspace) && (workspace ?? row.Workspace) == row.Workspace ? row
            : throw new NotFoundError("subscription", subscriptionId, "subscribe_webhook");
    }

    /// <summary>The workspace's subscriptions that are sent to.</summary>
    public static ValueTask<IReadOnlyList<SubscriptionRow>> ActiveAsync(IQuery query, string workspace) => query.QueryAsync<SubscriptionRow>(
        $"select {Columns} from webhook_subscriptions where workspace=@workspace and state='active' order by created_at_ms, subscription_id", new { workspace });

    /// <summary>Notes that a delivery arrived: whatever failed before is forgiven.</summary>
    public static ValueTask<int> SucceededAsync(ITransaction tx, string subscriptionId) => tx.ExecuteAsync(
        "update webhook_subscriptions set failing_since_ms=null, throttled_until_ms=0 where subscription_id=@subscriptionId and (failing_since_ms is not null or throttled_until_ms<>0)",
        new { subscriptionId });

    /// <summary>Notes that a delivery failed and until when nothing more may be sent; returns since when all have failed.</summary>
    public static ValueTask<long> FailedAsync(ITransaction tx, string subscriptionId, long throttledUntilMs) => tx.FirstAsync<long>(
        """
        update webhook_subscriptions set failing_since_ms=coalesce(failing_since_ms, @NowMs),
            throttled_until_ms=case when @throttledUntilMs>throttled_until_ms then @throttledUntilMs else throttled_until_ms end
        where subscription_id=@subscriptionId returning failing_since_ms
        """,
        new { subscriptionId, throttledUntilMs, tx.NowMs });

    /// <summary>Stops sending; 0 when it had stopped already.</summary>
    public static ValueTask<int> DisableAsync(ITransaction tx, string subscriptionId, string reason) => tx.ExecuteAsync(
        "update webhook_subscriptions set state='disabled', reason=@reason where subscription_id=@subscriptionId and state='active'", new { subscriptionId, reason });

    /// <summary>Sends again, with a clean slate.</summary>
    public static ValueTask<int> EnableAsync(ITransaction tx, string subscriptionId) => tx.ExecuteAsync(
        "update webhook_subscriptions set state='active', reason=null, failing_since_ms=null, throttled_until_ms=0 where subscription_id=@subscriptionId and state='disabled'",
        new { subscriptionId });
}
