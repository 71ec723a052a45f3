using System.Text.Json.Nodes;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Models;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Routing;

/// <summary>Makes the request for a step of a run, reads how things stand, and chooses.</summary>
internal sealed class StepRouting(CatalogueBook book, RunBook runs, Pools pools, IEnumerable<IProviderRoll> rolls)
{
    /// <summary>What a step asks for: its worked-out inputs, the plan's tier, models and rules, what already failed it, what is left of the budget.</summary>
    public async ValueTask<StepDemand> DemandAsync(IQuery query, RunRow row, string stepId, Constraints given, Call call)
    {
        var run = await runs.LoadAsync(query, row).ConfigureAwait(false);
        if (!run.Steps.TryGetValue(stepId, out var step)) throw new UnknownStepError(row.RunId, stepId);
        if (step.Inputs is null) throw new InvalidStateError($"Step '{stepId}' is {StepMachine.Say(step)}: its inputs are not known yet.", StepMachine.Say(step));
        var plan = run.Graph.Step(step.BaseId);
        var inputs = (JsonObject)JsonNode.Parse(step.Inputs)!;
        var ruled = await RuleBook.ApplyAsync(query, row.Workspace, run, step, inputs).ConfigureAwait(false);
        var constraints = given with
        {
            Tier = given.Tier ?? ruled.Tier ?? plan.Tier,
            MaxCostMicros = await LeftAsync(query, new(row.Workspace, row.RunId, stepId, call.Caller.Principal, call.Agent, Provider: "", Model: "", Request: ""), given.MaxCostMicros).ConfigureAwait(false),
            Exclude = [.. given.Exclude, .. ruled.Exclude],
        };
        var request = new RouteRequest(plan.Capability, inputs)
        {
            Constraints = constraints,
            Preferred = [.. ruled.Prefer.Concat(plan.Models).Distinct(StringComparer.Ordinal)],
            Failed = step.FailedModels,
            Rules = ruled.Applied,
            Shot = ShotOf(inputs) ?? stepId,
            MayShadow = step.FailedModels.Count == 0 && !await DecisionsTable.HasShadowAsync(query, row.RunId, stepId).ConfigureAwait(false),
        };
        return new(request, step.Generation);
    }

    /// <summary>A request that belongs to no run.</summary>
    public static RouteRequest Free(string capability, JsonObject inputs, Constraints given) => new(capability, inputs)
    {
        Constraints = given,
        Shot = ShotOf(inputs) ?? (Demand.From(capability, inputs).Prompt is { Length: > 0 } prompt ? prompt : null),
        MayShadow = true,
    };

    /// <summary>Chooses; models that failed the step before come last of all.</summary>
    /// <param name="query">The store.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="holder">Who asks: <see cref="BreakersTable.Holder"/>.</param>
    /// <param name="runId">The run and step whose own claim does not count as a busy slot.</param>
    /// <param name="stepId">With it.</param>
    /// <exception cref="NoModelError">No model can take it.</exception>
    public async ValueTask<Routed> ChooseAsync(IQuery query, RouteRequest request, string holder, string? runId, string? stepId)
    {
        var catalogue = await book.CurrentAsync(query).ConfigureAwait(false);
        var cards = catalogue.For(request.Capability).ToList();
        var traffic = await TrafficTable.FindAsync(query, request.Capability).ConfigureAwait(false);
        var state = new RoutingState
        {
            NowMs = query.NowMs,
            Health = await HealthBook.OfAsync(query, cards, holder).ConfigureAwait(false),
            Pools = await pools.OfAsync(query, cards, request.Capability, runId, stepId).ConfigureAwait(false),
            Weights = traffic?.Read().WeightsAt(query.NowMs),
            Shadow = traffic?.Offer(),
        };
        return Routed.Of(request.Constraints.Served ? request with { Unserved = Unserved(cards) } : request, state, catalogue);
    }

    /// <summary>
    /// Takes what the decision needs and only one can have: the try of a model whose rest is over, and a piece of the shadow's budget. What another was quicker
    /// to take is left out and the choice made again.
    /// </summary>
    public static async ValueTask<Routed> SettleAsync(ITransaction tx, Routed routed, string holder)
    {
        while (routed.State.Health.GetValueOrDefault(routed.Decision.Model) is { IsOnTrial: true } health
            && !await BreakersTable.ReserveProbeAsync(tx, routed.Catalogue.Find(routed.Decision.Model)!, holder).ConfigureAwait(false))
        {
            var tried = new Dictionary<string, ModelHealth>(routed.State.Health, StringComparer.Ordinal) { [routed.Decision.Model] = health with { IsTriedByAnother = true } };
            routed = routed.With(routed.State with { Health = tried });
        }

        return routed.Decision.Shadow is { } shadow && !await TrafficTable.SpendAsync(tx, routed.Request.Capability, shadow.EstimatedCostMicros).ConfigureAwait(false)
            ? routed.With(routed.State with { Shadow = null })
            : routed;
    }

    private IReadOnlyList<string> Unserved(List<ModelCard> cards)
    {
        var here = rolls.SelectMany(roll => roll.Providers).ToHashSet(StringComparer.Ordinal);
        return [.. cards.Where(card => !here.Contains(card.Provider)).Select(card => card.Id)];
    }

    private static string? ShotOf(JsonObject inputs) => inputs["shot"] switch
    {
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => value.GetValue<string>(),
        JsonValue value => value.ToJsonString(),
        _ => null,
    };

    // Budgets of providers bind when one is called: which it will be is what is being asked.
    private static async ValueTask<long?> LeftAsync(IQuery query, Spending spending, long? most) =>
        await Purse.LeftAsync(query, spending).ConfigureAwait(false) is { } left ? Math.Min(most ?? long.MaxValue, left) : most;
}

/// <summary>A step's request and the claim that it is for.</summary>
internal sealed record StepDemand(RouteRequest Request, long Generation);
