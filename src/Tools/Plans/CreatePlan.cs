using System.Text.Json;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;
using Pipeline.Tools.Models;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Plans;

[Tool(Toolset.Runs, Changes = true)]
internal sealed partial class CreatePlan(Call call, CatalogueBook book, IStepTimes times, EventLog events, Ids ids, TimeProvider time)
{
    private const int MostWorkers = 1_000;

    /// <summary>Proves a processing plan and estimates it. Everything wrong with it comes back at once in facts.problems.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="plan">{name?, deliverables?, steps: [{id, capability, needs?, inputs?, when?, for_each?, join?, retry?, timeout_seconds?, tier?, models?, rules?, quality?, approval?, expect?}]}; "${steps.ID.outputs.x}" in inputs.</param>
    /// <param name="brief">Not taken; a director plans.</param>
    /// <param name="workers">Steps done at once, for the estimate.</param>
    [McpServerTool(Name = "create_plan", Title = "Create plan", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<PlanCreated> RunAsync(
        string workspace, IReadOnlyDictionary<string, JsonElement>? plan = null, string? brief = null, int workers = 4, CancellationToken cancellation = default)
    {
        if (workers is < 1 or > MostWorkers)
        {
            throw new InvalidArgumentError("workers", $"workers is 1 to {MostWorkers}, not {workers}.");
        }

        var catalogue = await call.Database.ReadAsync(async query =>
        {
            await WorkspacesTable.RequireAsync(query, call.Caller, workspace).ConfigureAwait(false);
            return await book.CurrentAsync(query).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
        if (plan is null)
        {
            throw brief is null ? new InvalidArgumentError("plan", "'plan' is missing: an object with steps.") : new BriefNeedsDirectorError();
        }

        if (brief is not null)
        {
            throw new InvalidArgumentError("brief", "A plan is taken or a brief is, and briefs are a director's: leave 'brief' out, or keep it as an asset.");
        }

        var document = JsonSerializer.SerializeToElement(plan);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var proven = PlanProof.Require(document, catalogue, today);
        var models = proven.Plan.Steps.SelectMany(step => catalogue.For(step.Capability)).Select(card => card.Id).ToHashSet(StringComparer.Ordinal);
        var took = await call.Database.ReadAsync(query => times.LatelyAsync(query, models), cancellation).ConfigureAwait(false);
        var estimate = Estimating.Of(proven, catalogue, today, workers, experience: new Experience(took, catalogue));
        var canonical = CanonicalJson.Of(document);
        return await call.CommitAsync(workspace, null, async tx =>
        {
            var row = new PlanRow
            {
                PlanId = ids.New("plan"),
                Workspace = workspace,
                Principal = call.Caller.Principal,
                Agent = call.Agent,
                Name = proven.Plan.Name,
                Document = canonical,
                Sha256 = CanonicalJson.Sha256(canonical),
                Estimate = Wire.Write(estimate),
                CreatedAtMs = tx.NowMs,
            };
            await PlansTable.InsertAsync(tx, row).ConfigureAwait(false);
            await events.AppendAsync(tx, workspace, "plan.created", row.PlanId, new { row.PlanId, row.Name, steps = proven.Plan.Steps.Count }).ConfigureAwait(false);
            return PlanCreated.From(row, proven, estimate);
        }, cancellation, result => new { result.PlanId, result.Sha256 }).ConfigureAwait(false);
    }
}
