using System.Text.Json;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Models;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Runs;

[Tool(Toolset.Runs, Changes = true, ShowsIdentity = true)]
internal sealed partial class StartRun(Call call, RunBook book, CatalogueBook catalogue, Ids ids)
{
    private const int LongestInputs = 262_144;

    /// <summary>Starts a run of a plan. Its first steps can be claimed at once.</summary>
    /// <param name="plan_id">From create_plan.</param>
    /// <param name="inputs">The plan's expressions see it as inputs.NAME.</param>
    /// <param name="budget_micros">Most to spend, in millionths of a dollar.</param>
    [McpServerTool(Name = "start_run", Title = "Start run", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<RunHandle> RunAsync(string plan_id, IReadOnlyDictionary<string, JsonElement>? inputs = null, long? budget_micros = null, CancellationToken cancellation = default)
    {
        if (budget_micros < 0)
        {
            throw new InvalidArgumentError("budget_micros", "budget_micros is not negative.");
        }

        var given = inputs is null ? null : CanonicalJson.Of(inputs);
        if (given?.Length > LongestInputs)
        {
            throw new InvalidArgumentError("inputs", $"inputs is at most {LongestInputs} characters of JSON; put larger things into assets.");
        }

        var plan = await call.Database.ReadAsync(query => PlansTable.RequireAsync(query, call.Caller, plan_id), cancellation).ConfigureAwait(false);
        return await call.CommitAsync(plan.Workspace, null, async tx =>
        {
            // Models may have retired or changed since the plan was proven.
            var proven = await book.PlanAsync(tx, plan.PlanId).ConfigureAwait(false);
            var today = DateOnly.FromDateTime(Instant.From(tx.NowMs).UtcDateTime);
            PlanProof.RequireModels(proven.Plan, await catalogue.CurrentAsync(tx).ConfigureAwait(false), today);
            var row = new RunRow
            {
                RunId = ids.New("run"),
                PlanId = plan.PlanId,
                Workspace = plan.Workspace,
                State = Wire.Name(RunState.Running),
                Principal = call.Caller.Principal,
                Agent = call.Agent,
                Inputs = given,
                BudgetMicros = budget_micros,
                Stamp = ids.New("stamp"),
                CreatedAtMs = tx.NowMs,
            };
            var run = await book.BeginAsync(tx, row, proven).ConfigureAwait(false);
            if (budget_micros is { } limit)
            {
                await BudgetsTable.SetAsync(tx, BudgetName.Run(row.RunId), limit, BudgetPeriod.Total, null).ConfigureAwait(false);
            }

            return new RunHandle(row.RunId, plan.PlanId, plan.Workspace, Wire.Name(run.State));
        }, cancellation, result => new { result.RunId, plan.PlanId, plan.Sha256 }).ConfigureAwait(false);
    }
}

/// <summary>A run that goes on.</summary>
public sealed record RunHandle(string RunId, string PlanId, string Workspace, string State);
