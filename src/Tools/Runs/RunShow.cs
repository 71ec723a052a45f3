using System.Text.Json;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Runs;

/// <summary>Puts together what get_run shows.</summary>
internal sealed class RunShow(RunBook book, IDecisionBook decisions)
{
    /// <param name="query">One snapshot of the store.</param>
    /// <param name="row">The run.</param>
    /// <param name="steps">Ids of the steps to show, or of the plan's steps that they are items of; null for all.</param>
    /// <param name="states">Only steps in these; null for any.</param>
    /// <param name="skip">How many of them came before.</param>
    /// <param name="limit">How many to show; null for all.</param>
    /// <exception cref="NotFoundError">The run has no such step.</exception>
    public async ValueTask<RunView> OfAsync(IQuery query, RunRow row, IReadOnlyCollection<string>? steps, IReadOnlySet<string>? states, int skip, int? limit)
    {
        var plan = (await PlansTable.FindAsync(query, row.PlanId).ConfigureAwait(false))!;
        var proven = await book.PlanAsync(query, row.PlanId).ConfigureAwait(false);
        var estimate = Wire.Read<Estimate>(plan.Estimate);
        var rows = await StepsTable.OfRunAsync(query, row.RunId).ConfigureAwait(false);
        if (steps?.FirstOrDefault(step => !rows.Any(known => IsOf(known, step))) is { } unknown)
        {
            throw new NotFoundError("step", unknown, "get_run without steps");
        }

        var attempts = (await AttemptsTable.OfRunAsync(query, row.RunId).ConfigureAwait(false)).ToLookup(attempt => attempt.StepId, StringComparer.Ordinal);
        var charges = await CostsTable.ListAsync(query, row.Workspace, row.RunId).ConfigureAwait(false);
        var moved = await MovementsTable.TotalsAsync(query, row.Workspace, row.RunId).ConfigureAwait(false);
        var paid = charges.Where(charge => charge.StepId is not null).ToLookup(charge => charge.StepId!, charge => charge.CostMicros, StringComparer.Ordinal);
        var expected = estimate.Steps.ToDictionary(step => step.Id, StringComparer.Ordinal);
        var place = proven.Graph.Order.Select((id, at) => (id, at)).ToDictionary(pair => pair.id, pair => pair.at, StringComparer.Ordinal);
        var byId = rows.ToDictionary(step => step.StepId, StringComparer.Ordinal);
        var wanted = rows.Where(step => steps?.Any(asked => IsOf(step, asked)) != false && states?.Contains(step.State) != false).OrderBy(step => place[step.BaseId]).ThenBy(step => step.StepId == step.BaseId ? -1 : step.ItemIndex ?? 0).ThenBy(step => step.StepId, StringComparer.Ordinal).ToList();
        var page = wanted.Skip(skip).Take(limit ?? int.MaxValue).ToList();
        var seconds = ((row.EndedAtMs ?? query.NowMs) - row.CreatedAtMs) / 1000.0;
        return new RunView(
            row.RunId, row.PlanId, plan.Sha256, plan.Name, row.Workspace, row.State, Json(row.Inputs), row.Agent, Instant.From(row.CreatedAtMs), Instant.From(row.EndedAtMs),
            new RunTotals(
                seconds, estimate.ExpectedSeconds, estimate.WorstSeconds, charges.Sum(charge => charge.CostMicros), estimate.ExpectedCostMicros, estimate.WorstCostMicros,
                charges.Where(charge => charge.Waste is not null).Sum(charge => charge.CostMicros), (await BudgetsTable.StandingAsync(query, BudgetName.Run(row.RunId)).ConfigureAwait(false))?.LimitMicros ?? row.BudgetMicros, moved.SourceBytes, moved.BytesRead,
                moved.SourceBytes == 0 ? null : Math.Round((double)moved.SavedBytes / moved.SourceBytes, 6)),
            rows.GroupBy(step => step.State, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal), estimate.Patterns,
            [.. page.Select(step => View(step, proven.Graph, byId, attempts[step.StepId].ToList(), paid[step.StepId].Sum(), expected.GetValueOrDefault(step.BaseId)))],
            skip + page.Count < wanted.Count ? (skip + page.Count).ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
            await decisions.OfRunAsync(query, row.RunId).ConfigureAwait(false),
            [.. (await ApprovalsTable.OfRunAsync(query, row.RunId).ConfigureAwait(false)).Select(ApprovalView.From)],
            row.ExpireAtMs is null && row.Expired == 0 ? null : new(Instant.From(row.ExpireAtMs), row.Expired, row.ExpiredBytes));
    }

    private static bool IsOf(StepRow step, string asked) => step.StepId == asked || step.BaseId == asked;

    private static StepView View(StepRow step, PlanGraph graph, Dictionary<string, StepRow> byId, List<AttemptRow> attempts, long costMicros, StepEstimate? expected)
    {
        var plan = graph.Step(step.BaseId);
        var blockedBy = step.State == "blocked" ? graph.Before(step.BaseId).Where(need => !byId[need].Snapshot().IsSettled).ToList() : null;
        var ended = attempts.Where(attempt => attempt.EndedAtMs is not null).ToList();
        var last = attempts.LastOrDefault();
        return new StepView(
            step.StepId, step.BaseId, step.Capability, step.State, step.Reason, blockedBy, step.SourceId, step.Generation, [.. attempts.Select(View)],
            Json(step.Inputs), Json(step.Outputs), Json(step.Metrics), step.Model ?? last?.Model, last?.DecisionId, plan.Tier is { } tier ? Wire.Name(tier) : null, last?.Agent,
            costMicros, expected?.CostMicros, ended.Count == 0 ? null : ended.Sum(attempt => attempt.EndedAtMs!.Value - attempt.ClaimedAtMs) / 1000.0,
            expected is null ? null : Math.Round(expected.Seconds, 3), Instant.From(step.StartedAtMs), Instant.From(step.EndedAtMs), Instant.From(step.NotBeforeMs),
            Instant.From(step.LeaseExpiresMs), Fault(step.ErrorCode, step.ErrorMessage));
    }

    private static AttemptView View(AttemptRow attempt) => new(
        attempt.Generation, attempt.Agent, Instant.From(attempt.ClaimedAtMs), Instant.From(attempt.EndedAtMs), attempt.Outcome, attempt.Model, attempt.CostMicros,
        Fault(attempt.ErrorCode, attempt.ErrorMessage));

    private static StepFault? Fault(string? code, string? message) => code is null ? null : new(code, message);

    private static JsonElement? Json(string? text) => text is null ? null : Wire.Read<JsonElement>(text);
}
