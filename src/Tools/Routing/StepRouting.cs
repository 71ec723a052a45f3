using System.Text.Json.Nodes;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Models;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Routing;

/// <summary>Makes the request for a step of a run, and the choice.</summary>
internal sealed class StepRouting(Catalogue catalogue, RunBook runs)
{
    private const int MostAttempts = 500;

    /// <summary>What a step asks for: its worked-out inputs, the plan's tier and models, what already failed it, what is left of the budget.</summary>
    public async ValueTask<StepDemand> DemandAsync(IQuery query, RunRow row, string stepId, Constraints given)
    {
        var run = await runs.LoadAsync(query, row).ConfigureAwait(false);
        if (!run.Steps.TryGetValue(stepId, out var step)) throw new UnknownStepError(row.RunId, stepId);
        if (step.Inputs is null) throw new InvalidStateError($"Step '{stepId}' is {StepMachine.Say(step)}: its inputs are not known yet.", StepMachine.Say(step));
        var plan = run.Graph.Step(step.BaseId);
        var constraints = given with { Tier = given.Tier ?? plan.Tier, MaxCostMicros = await LeftAsync(query, row, given.MaxCostMicros).ConfigureAwait(false) };
        return new(new RouteRequest(plan.Capability, (JsonObject)JsonNode.Parse(step.Inputs)!) { Constraints = constraints, Preferred = plan.Models }, step.FailedModels, step.Generation);
    }

    /// <summary>Chooses; models that failed the step before come last of all.</summary>
    /// <exception cref="NoModelError">No model can take it.</exception>
    public async ValueTask<Decision> ChooseAsync(IQuery query, RouteRequest request, IReadOnlyList<string> failed)
    {
        var recent = await AttemptsTable.RecentAsync(query, query.NowMs - HealthWindow.LengthMs, MostAttempts).ConfigureAwait(false);
        var health = HealthWindow.Of(recent, catalogue);
        var now = Instant.From(query.NowMs);
        var others = request with { Constraints = request.Constraints with { Exclude = [.. request.Constraints.Exclude, .. failed] } };
        try
        {
            return Router.Choose(others, catalogue, health, now);
        }
        catch (NoModelError) when (failed.Count > 0)
        {
            return Router.Choose(request, catalogue, health, now);
        }
    }

    private static async ValueTask<long?> LeftAsync(IQuery query, RunRow row, long? most)
    {
        if (row.BudgetMicros is not { } budget) return most;
        var spent = (await CostsTable.ListAsync(query, row.Workspace, row.RunId).ConfigureAwait(false)).Sum(charge => charge.CostMicros);
        return Math.Min(most ?? long.MaxValue, Math.Max(0, budget - spent));
    }
}

/// <summary>A step's request and the models that failed it.</summary>
internal sealed record StepDemand(RouteRequest Request, IReadOnlyList<string> Failed, long Generation);
