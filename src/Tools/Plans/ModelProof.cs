using System.Globalization;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Plans;

/// <summary>Holds the models that a step names against the catalogue.</summary>
internal static class ModelProof
{
    private const int SoonDays = 30;

    /// <summary>A rule's models must be there, and those that it prefers must be to be had; whether they fit shows when it holds.</summary>
    public static void Rules(IReadOnlyList<RoutingRule> rules, string? step, string path, Catalogue catalogue, DateOnly today, List<PlanProblem> problems)
    {
        for (var r = 0; r < rules.Count; r++)
        {
            foreach (var id in rules[r].Prefer.Concat(rules[r].Exclude).Where(id => catalogue.Find(id) is null))
                problems.Add(new PlanProblem(step, "unknown_model", $"There is no model '{id}'.", $"{path}[{r}]"));
            foreach (var card in rules[r].Prefer.Select(catalogue.Find).OfType<ModelCard>().Where(card => card.IsRetired(today)))
                problems.Add(new PlanProblem(step, "retired_model", string.Create(CultureInfo.InvariantCulture, $"{card.Id} retired on {card.RetiresOn:yyyy-MM-dd}."), $"{path}[{r}].prefer"));
        }
    }

    public static void Check(PlanStep step, string path, Catalogue catalogue, DateOnly today, List<PlanProblem> problems, List<PlanProblem> warnings)
    {
        var demand = Demand.From(step.Capability, step.Inputs);
        for (var m = 0; m < step.Models.Count; m++)
        {
            var at = $"{path}.models[{m}]";
            if (catalogue.Find(step.Models[m]) is not { } card)
            {
                var known = string.Join(", ", catalogue.For(step.Capability).Where(model => !model.IsRetired(today)).Select(model => model.Id));
                problems.Add(new PlanProblem(step.Id, "unknown_model", $"There is no model '{step.Models[m]}'{(known.Length > 0 ? $"; {step.Capability} has {known}" : "")}.", at));
            }
            else if (card.IsRetired(today))
            {
                problems.Add(new PlanProblem(step.Id, "retired_model", string.Create(CultureInfo.InvariantCulture, $"{card.Id} retired on {card.RetiresOn:yyyy-MM-dd}."), at));
            }
            else if (Fitness.Misfits(card, demand, today) is { Count: > 0 } why)
            {
                problems.Add(new PlanProblem(step.Id, "unfit_model", $"{card.Id} {string.Join(" and ", why)}.", at));
            }
            else if (card.RetiresOn is { } end && end <= today.AddDays(SoonDays))
            {
                warnings.Add(new PlanProblem(step.Id, "retires_soon", string.Create(CultureInfo.InvariantCulture, $"{card.Id} retires on {end:yyyy-MM-dd}."), at));
            }
        }

        if (step.Models.Count > 0 || Capabilities.Find(step.Capability)?.Tool != "generate_media") return;
        if (!catalogue.For(step.Capability).Any(card => Fitness.Misfits(card, demand, today).Count == 0))
            warnings.Add(new PlanProblem(step.Id, "no_model", $"No model of the catalogue can take this {step.Capability}.", path));
    }
}
