using Pipeline.Storage.State;

namespace Pipeline.Tools.Routing;

/// <summary>Every model that was chosen, with the inputs and the alternatives. Rows are only ever added.</summary>
public static class DecisionsTable
{
    public static readonly Table Schema = new("decisions",
        """
        create table decisions (
            decision_id text primary key, workspace text, run_id text, step_id text, principal text not null, agent text not null, capability text not null,
            inputs text not null, constraints text not null, model text not null, provider text not null, tier text not null, reason text not null,
            estimated_cost_micros bigint not null, estimated_latency_seconds double precision not null, premium_cost_micros bigint, document text not null, at_ms bigint not null);
        create index decisions_by_run on decisions(run_id, at_ms);
        """,
        """
        alter table decisions add column catalogue text;
        alter table decisions add column given text;
        alter table decisions add column shadow_model text;
        """);

    private const string Columns =
        """
        decision_id, workspace, run_id, step_id, principal, agent, capability, inputs, constraints, model, provider, tier, reason,
        estimated_cost_micros, estimated_latency_seconds, premium_cost_micros, document, at_ms, catalogue, given, shadow_model
        """;

    public static ValueTask<int> InsertAsync(ITransaction tx, DecisionRow row) => tx.ExecuteAsync(
        $"""
        insert into decisions({Columns}) values(@DecisionId, @Workspace, @RunId, @StepId, @Principal, @Agent, @Capability, @Inputs, @Constraints, @Model, @Provider, @Tier, @Reason,
            @EstimatedCostMicros, @EstimatedLatencySeconds, @PremiumCostMicros, @Document, @AtMs,
            @Catalogue, @Given, @ShadowModel)
        """,
        row);

    public static ValueTask<DecisionRow?> FindAsync(IQuery query, string decisionId) =>
        query.FirstAsync<DecisionRow>($"select {Columns} from decisions where decision_id=@decisionId", new { decisionId });

    public static ValueTask<IReadOnlyList<DecisionRow>> OfRunAsync(IQuery query, string runId) =>
        query.QueryAsync<DecisionRow>($"select {Columns} from decisions where run_id=@runId order by at_ms, decision_id", new { runId });

    /// <summary>Whether a shadow already went with a decision for this step.</summary>
    public static async ValueTask<bool> HasShadowAsync(IQuery query, string runId, string stepId) => await query.FirstAsync<long>(
        "select count(*) from decisions where run_id=@runId and step_id=@stepId and shadow_model is not null", new { runId, stepId }).ConfigureAwait(false) > 0;

    /// <summary>The newest decision for a step; null when there is none.</summary>
    public static ValueTask<DecisionRow?> NewestOfStepAsync(IQuery query, string runId, string stepId) => query.FirstAsync<DecisionRow>(
        $"select {Columns} from decisions where run_id=@runId and step_id=@stepId order by at_ms desc, decision_id desc limit 1", new { runId, stepId });

    /// <summary>The newest decisions that can be made again, newest first.</summary>
    public static ValueTask<IReadOnlyList<DecisionRow>> NewestAsync(IQuery query, int limit) =>
        query.QueryAsync<DecisionRow>($"select {Columns} from decisions where given is not null order by at_ms desc, decision_id limit @limit", new { limit });
}
