using Pipeline.Storage.State;

namespace Pipeline.Tools.Costs;

/// <summary>The ledger of charges.</summary>
public static class CostsTable
{
    public static readonly Table Schema = new("costs",
        """
        create table costs (
            cost_id {identity}, workspace text not null, run_id text, step_id text, capability text, model text, provider text, tier text, request text,
            cost_micros bigint not null, premium_micros bigint, waste text, at_ms bigint not null);
        create index costs_by_workspace on costs(workspace, at_ms);
        create index costs_by_run on costs(run_id);
        """);

    public static ValueTask<int> AddAsync(ITransaction tx, Charge charge) => tx.ExecuteAsync(
        """
        insert into costs(workspace, run_id, step_id, capability, model, provider, tier, request, cost_micros, premium_micros, waste, at_ms)
        values(@Workspace, @RunId, @StepId, @Capability, @Model, @Provider, @Tier, @Request, @CostMicros, @PremiumMicros, @Waste, @AtMs)
        """,
        charge with { AtMs = tx.NowMs });

    /// <summary>What was spent since a time, in a workspace or in one run of it.</summary>
    public static ValueTask<IReadOnlyList<SpentAt>> SpentAsync(IQuery query, string workspace, string? runId, long fromMs) => query.QueryAsync<SpentAt>(
        $"select at_ms, cost_micros from costs where workspace=@workspace and {(runId is null ? "" : "run_id=@runId and ")}at_ms>=@fromMs", new { workspace, runId, fromMs });

    /// <summary>
    /// Turns charges that were accepted into waste. Lines are only ever added: for each thing paid for one takes back what still counts as accepted, one says why.
    /// </summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="accepted">All lines without waste of what is written off, earlier ones that took something back among them.</param>
    /// <param name="waste">Why.</param>
    public static async ValueTask WriteOffAsync(ITransaction tx, IEnumerable<Charge> accepted, string waste)
    {
        foreach (var group in accepted.GroupBy(charge => charge with { CostMicros = 0, PremiumMicros = null, AtMs = 0 }))
        {
            var (cost, premium) = (group.Sum(charge => charge.CostMicros), group.Sum(charge => charge.PremiumMicros));
            if (cost == 0)
            {
                continue;
            }

            await AddAsync(tx, group.Key with { CostMicros = -cost, PremiumMicros = -premium }).ConfigureAwait(false);
            await AddAsync(tx, group.Key with { CostMicros = cost, Waste = waste }).ConfigureAwait(false);
        }
    }

    /// <summary>The charges of a workspace, or of one run in it, oldest first.</summary>
    public static ValueTask<IReadOnlyList<Charge>> ListAsync(IQuery query, string workspace, string? runId) => query.QueryAsync<Charge>(
        """
        select workspace, run_id, step_id, capability, model, provider, tier, request, cost_micros, premium_micros, waste, at_ms from costs
        where workspace=@workspace and (cast(@runId as text) is null or run_id=@runId) order by cost_id
        """,
        new { workspace, runId });

    /// <summary>What was charged for some models since a time, over all workspaces.</summary>
    public static ValueTask<IReadOnlyList<ModelCost>> ByModelAsync(IQuery query, IReadOnlyCollection<string> models, long sinceMs) => query.QueryAsync<ModelCost>(
        "select model, count(*) as charges, cast(sum(cost_micros) as bigint) as cost_micros from costs where model in @models and at_ms>=@sinceMs group by model",
        new { models, sinceMs });
}
