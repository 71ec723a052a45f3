using System.Text.Json;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Plans;

/// <summary>Reads routing rules, of a plan or of a step.</summary>
internal static class RulesReader
{
    private const int Most = 20;

    public static IReadOnlyList<RoutingRule> Read(Reading owner, List<PlanProblem> problems)
    {
        if (owner.Take("rules") is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array)
        {
            owner.Wrong("wrong_type", $"'rules' is a list, not {Reading.Kind(value)}.", "rules");
            return [];
        }

        if (value.GetArrayLength() > Most) owner.Wrong("out_of_range", $"'rules' has at most {Most} entries, not {value.GetArrayLength()}.", "rules");
        var rules = new List<RoutingRule>();
        foreach (var element in value.EnumerateArray().Take(Most))
        {
            var reading = new Reading(element, owner.Below($"rules[{rules.Count}]"), problems) { Step = owner.Step };
            var when = reading.Text("when", required: true, longest: Expressions.Expression.MaxLength);
            var rule = new RoutingRule(when ?? "false", reading.Texts("prefer", Most), reading.Texts("exclude", Most), TierOf(reading));
            if (reading.IsObject && rule is { Prefer.Count: 0, Exclude.Count: 0, Tier: null }) reading.Wrong("missing_field", "A rule has prefer, exclude or tier.", "");
            reading.End("when, prefer, exclude, tier");
            rules.Add(rule);
        }

        return rules;
    }

    public static Tier? TierOf(Reading step)
    {
        if (step.Text("tier") is not { } name) return null;
        if (name is "draft" or "delivery" or "premium") return Enum.Parse<Tier>(name, ignoreCase: true);
        step.Wrong("wrong_type", $"'tier' is draft, delivery or premium, not '{name}'.", "tier");
        return null;
    }
}
