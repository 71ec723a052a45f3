using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;
using Pipeline.Tools.Plans;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Routing;

[Tool(Toolset.Routing, Changes = true)]
internal sealed partial class RouteStep(Call call, StepRouting routing, EventLog events, Ids ids)
{
    /// <summary>Chooses the model for a step, or for a capability with inputs, and says why and what else there was.</summary>
    /// <param name="run_id">With step_id.</param>
    /// <param name="step_id">A step whose inputs are known.</param>
    /// <param name="capability">Instead of a step.</param>
    /// <param name="inputs">With capability.</param>
    /// <param name="constraints">{max_cost_micros?, tier?, deadline_seconds?, exclude?[], served?}</param>
    /// <param name="dry_run">Stores nothing.</param>
    [McpServerTool(Name = "route_step", Title = "Route step", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<RouteResult> RunAsync(
        string? run_id = null, string? step_id = null, string? capability = null, IReadOnlyDictionary<string, JsonElement>? inputs = null, Constraints? constraints = null, bool dry_run = false,
        CancellationToken cancellation = default)
    {
        if (run_id is null != step_id is null || run_id is null == capability is null)
        {
            throw new InvalidArgumentError("capability", "Give run_id and step_id, or capability and inputs.");
        }

        if (inputs is not null && run_id is not null)
        {
            throw new InvalidArgumentError("inputs", "inputs goes with capability; a step has its own.");
        }

        var given = constraints ?? new();
        var asked = inputs is null ? [] : (JsonObject)JsonNode.Parse(CanonicalJson.Of(inputs))!;
        if (dry_run)
        {
            return await call.Database.ReadAsync(async query =>
            {
                var (routed, _) = await ChooseAsync(query, run_id, step_id, capability, asked, given).ConfigureAwait(false);
                return RouteResult.From(null, routed.Request, routed.Decision);
            }, cancellation).ConfigureAwait(false);
        }

        var run = run_id is null ? null : await call.Database.ReadAsync(query => RunsTable.RequireAsync(query, call.Caller, run_id), cancellation).ConfigureAwait(false);
        return await call.CommitAsync(run?.Workspace ?? "", null, async tx =>
        {
            var (chosen, generation) = await ChooseAsync(tx, run_id, step_id, capability, asked, given).ConfigureAwait(false);
            var routed = await StepRouting.SettleAsync(tx, chosen, Holder(run_id, step_id)).ConfigureAwait(false);
            var row = Row(tx, run, step_id, routed);
            await CataloguesTable.KeepAsync(tx, routed.Catalogue).ConfigureAwait(false);
            await DecisionsTable.InsertAsync(tx, row).ConfigureAwait(false);
            if (run is not null)
            {
                await AttemptsTable.RouteAsync(tx, run.RunId, step_id!, generation, row.Model, row.DecisionId).ConfigureAwait(false);
                await events.AppendAsync(tx, run.Workspace, "step.routed", run.RunId, new { run.RunId, step_id, row.DecisionId, row.Model, row.Reason }).ConfigureAwait(false);
            }

            return RouteResult.From(row.DecisionId, routed.Request, routed.Decision);
        }, cancellation, result => new { result.DecisionId, result.Model, run_id, step_id }, scope: run?.Workspace ?? Scopes.AboveWorkspaces).ConfigureAwait(false);
    }

    private string Holder(string? runId, string? stepId) => BreakersTable.Holder(call.Caller.Principal, call.Agent, runId, stepId);

    private async ValueTask<(Routed Routed, long Generation)> ChooseAsync(
        IQuery query, string? runId, string? stepId, string? capability, JsonObject asked, Constraints given)
    {
        if (runId is null)
        {
            return (await routing.ChooseAsync(query, StepRouting.Free(capability!, asked, given), Holder(null, null), null, null).ConfigureAwait(false), 0);
        }

        var row = await RunsTable.RequireAsync(query, call.Caller, runId).ConfigureAwait(false);
        var demand = await routing.DemandAsync(query, row, stepId!, given, call).ConfigureAwait(false);
        return (await routing.ChooseAsync(query, demand.Request, Holder(runId, stepId), runId, stepId).ConfigureAwait(false), demand.Generation);
    }

    private DecisionRow Row(ITransaction tx, RunRow? run, string? stepId, Routed routed) => new()
    {
        DecisionId = ids.New("decision"),
        Workspace = run?.Workspace,
        RunId = run?.RunId,
        StepId = stepId,
        Principal = call.Caller.Principal,
        Agent = call.Agent,
        Capability = routed.Request.Capability,
        Inputs = routed.Request.Inputs.ToJsonString(),
        Constraints = Wire.Write(routed.Request.Constraints),
        Model = routed.Decision.Model,
        Provider = routed.Decision.Provider,
        Tier = Wire.Name(routed.Decision.Tier),
        Reason = routed.Decision.Reason,
        EstimatedCostMicros = routed.Decision.EstimatedCostMicros,
        EstimatedLatencySeconds = routed.Decision.EstimatedLatencySeconds,
        PremiumCostMicros = routed.Decision.PremiumCostMicros,
        Document = Wire.Write(routed.Decision),
        AtMs = tx.NowMs,
        Catalogue = routed.Catalogue.Sha256,
        Given = Wire.Write(new DecisionGiven(routed.Request, routed.State)),
        ShadowModel = routed.Decision.Shadow?.Model,
    };
}
