using Pipeline.Storage.State;

namespace Pipeline.Tools.Routing;

/// <summary>How the traffic of capabilities is split, and what their shadows have used.</summary>
public static class TrafficTable
{
    public static readonly Table Schema = new("traffic",
        """
        create table traffic (
            capability text primary key, version bigint not null, document text not null, shadow_micros bigint not null, shadow_budget_micros bigint not null, set_at_ms bigint not null);
        """);

    private const string Columns = "capability, version, document, shadow_micros, shadow_budget_micros, set_at_ms";

    public static ValueTask<TrafficRow?> FindAsync(IQuery query, string capability) =>
        query.FirstAsync<TrafficRow>($"select {Columns} from traffic where capability=@capability", new { capability });

    /// <summary>Sets a split. What its shadow has used is kept: a new budget counts from the first.</summary>
    public static ValueTask<int> SetAsync(ITransaction tx, TrafficRow row) => tx.ExecuteAsync(
        $"""
        insert into traffic({Columns}) values(@Capability, @Version, @Document, @ShadowMicros, @ShadowBudgetMicros, @SetAtMs)
        on conflict(capability) do update set version=excluded.version, document=excluded.document, shadow_budget_micros=excluded.shadow_budget_micros, set_at_ms=excluded.set_at_ms
        """,
        row);

    /// <summary>Takes a shadow's cost from its budget; false when it is not enough.</summary>
    public static async ValueTask<bool> SpendAsync(ITransaction tx, string capability, long costMicros) => await tx.ExecuteAsync(
        "update traffic set shadow_micros=shadow_micros+@costMicros where capability=@capability and shadow_micros+@costMicros<=shadow_budget_micros",
        new { capability, costMicros }).ConfigureAwait(false) == 1;
}
