using Pipeline.Storage.State;

namespace Pipeline.Tools.Generation;

/// <summary>Webhooks of vendors that were taken, so that a repetition changes nothing.</summary>
public static class HooksTable
{
    public static readonly Table Schema = new("vendor_hooks",
        """
        create table vendor_hooks (provider text not null, delivery_id text not null, at_ms bigint not null, primary key (provider, delivery_id));
        create index vendor_hooks_by_time on vendor_hooks(at_ms);
        """);

    private const long KeptMs = 14L * 24 * 60 * 60 * 1000;

    /// <summary>Notes a delivery; false when it was taken before.</summary>
    public static async ValueTask<bool> TakeAsync(ITransaction tx, string provider, string deliveryId)
    {
        await tx.ExecuteAsync("delete from vendor_hooks where at_ms<@UntilMs", new { UntilMs = tx.NowMs - KeptMs }).ConfigureAwait(false);
        return await tx.ExecuteAsync(
            "insert into vendor_hooks(provider, delivery_id, at_ms) values(@provider, @deliveryId, @NowMs) on conflict(provider, delivery_id) do nothing",
            new { provider, deliveryId, tx.NowMs }).ConfigureAwait(false) > 0;
    }
}
