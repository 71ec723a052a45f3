using System.Globalization;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Routing;

/// <summary>
/// Chooses the model for a step. A pure function: the same request, catalogue, health and time give the same decision. First the
/// models that cannot take it are set aside, each with its reason; then the plan's own order decides, or where it names none, a
/// score over fit, quality, cost, latency and reliability. A short prompt leans to a cheap model, a complex one to a good one.
/// </summary>
public static class Router
{
    // Chosen so that quality and price decide between models that fit, and speed and past failures break ties.
    private const double FitWeight = 0.30;
    private const double LatencyWeight = 0.10;
    private const double ReliabilityWeight = 0.15;
    private const double QualityAndCostWeight = 0.45;

    private const double Simple = 0.25;
    private const double Complex = 0.6;

    /// <exception cref="NoModelError">No model can take it.</exception>
    public static Decision Choose(RouteRequest request, Catalogue catalogue, IReadOnlyDictionary<string, ModelHealth> health, DateTimeOffset now)
    {
        var demand = Demand.From(request.Capability, request.Inputs);
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        var cards = catalogue.For(request.Capability).ToList();
        var tiers = Tiers(request.Constraints.Tier, cards, demand, day);
        var all = cards.Select(card => Consider(card, request.Constraints, demand, tiers, health.GetValueOrDefault(card.Id), now)).ToList();
        var complexity = PromptComplexity.Of(demand.Prompt);
        var open = Scored([.. all.Where(candidate => candidate.Against.Count == 0)], request.Constraints.Tier, demand, complexity);
        if (open.Count == 0) throw new NoModelError(request.Capability, [.. all.Select(candidate => new Alternative(candidate.Card.Id, null, candidate.Reasons))]);
        var preferred = request.Preferred.Select(id => open.Find(candidate => candidate.Card.Id == id)).FirstOrDefault(candidate => candidate is not null);
        var chosen = preferred ?? open[0];
        var premium = all.Where(candidate => candidate.Card.Tier == Tier.Premium && candidate.CostMicros is not null && Fitness.Misfits(candidate.Card, demand, day).Count == 0)
            .Select(candidate => candidate.CostMicros).Max();
        return new Decision
        {
            Model = chosen.Card.Id,
            Version = chosen.Card.Version,
            Provider = chosen.Card.Provider,
            Tier = chosen.Card.Tier,
            Score = chosen.Score,
            Reason = Explain(chosen, preferred is not null, request, demand, complexity, open.Count, cards.Count),
            EstimatedCostMicros = chosen.CostMicros!.Value,
            EstimatedLatencySeconds = chosen.LatencySeconds,
            PremiumCostMicros = premium,
            SavedMicros = premium is { } dearest ? Math.Max(0, dearest - chosen.CostMicros!.Value) : null,
            Alternatives =
            [
                .. open.Where(candidate => candidate != chosen).Select(candidate => new Alternative(candidate.Card.Id, candidate.Score, WhyLater(candidate, chosen, preferred is not null))),
                .. all.Where(candidate => candidate.Against.Count > 0).Select(candidate => new Alternative(candidate.Card.Id, null, candidate.Reasons)),
            ],
        };
    }

    // A tier that no model of the capability has means the nearest that one has: a recipe without a premium variant is taken at delivery.
    private static Func<Tier, bool> Tiers(Tier? asked, List<ModelCard> cards, Demand demand, DateOnly day)
    {
        var there = cards.Where(card => Fitness.Misfits(card, demand, day).Count == 0).Select(card => card.Tier).Distinct().ToList();
        if (asked is not { } tier || there.Count == 0) return _ => true;
        if (tier == Tier.Draft)
        {
            var lowest = there.Min();
            return offered => offered == lowest;
        }

        var floor = there.Max() < tier ? there.Max() : tier;
        return offered => offered >= floor;
    }

    private static Candidate Consider(ModelCard card, Constraints constraints, Demand demand, Func<Tier, bool> isTier, ModelHealth? health, DateTimeOffset now)
    {
        var cost = card.Price?.Of(demand);
        var latency = health?.LatencySeconds ?? card.Latency.Of(demand.DurationSeconds);
        var against = Fitness.Misfits(card, demand, DateOnly.FromDateTime(now.UtcDateTime)).ToList();
        if (cost is null) against.Add("has no price for this, so it is not called");
        if (constraints.Exclude.Contains(card.Id)) against.Add("is excluded");
        if (!isTier(card.Tier)) against.Add($"is {Name(card.Tier)}, {Name(constraints.Tier!.Value)} asked");
        if (cost > constraints.MaxCostMicros) against.Add(string.Create(CultureInfo.InvariantCulture, $"costs {cost} micros, at most {constraints.MaxCostMicros} allowed"));
        if (latency > constraints.DeadlineSeconds) against.Add(string.Create(CultureInfo.InvariantCulture, $"takes about {latency:0.#} s, {constraints.DeadlineSeconds:0.#} s allowed"));
        if (health?.CooldownUntilMs is { } until && until > now.ToUnixTimeMilliseconds())
            against.Add(string.Create(CultureInfo.InvariantCulture, $"rests for {(until - now.ToUnixTimeMilliseconds()) / 1_000.0:0.#} s{(health.Note is null ? "" : $" ({health.Note})")}"));
        return new Candidate(card, cost, latency, health?.Quality ?? card.Quality, health?.Reliability ?? 0.95, against);
    }

    private static List<Candidate> Scored(List<Candidate> open, Tier? tier, Demand demand, double complexity)
    {
        if (open.Count == 0) return open;
        var dearest = Math.Max(1, open.Max(candidate => candidate.CostMicros!.Value));
        var slowest = Math.Max(0.001, open.Max(candidate => candidate.LatencySeconds));
        // How much quality counts against price: by the tier where one was asked for, by the prompt otherwise.
        var quality = tier switch { Tier.Draft => 0.25, Tier.Delivery => 0.65, Tier.Premium => 0.9, _ => demand.Prompt.Length == 0 ? 0.6 : 0.1 + (0.85 * complexity) };
        return [.. open.Select(candidate => candidate with { Score = Math.Round(Score(candidate), 6) })
            .OrderByDescending(candidate => candidate.Score)
            .ThenBy(candidate => candidate.Card.Id, StringComparer.Ordinal)];

        double Score(Candidate candidate) =>
            (FitWeight * Fit(candidate.Card, demand))
            + (QualityAndCostWeight * ((quality * candidate.Quality) + ((1 - quality) * (1 - ((double)candidate.CostMicros!.Value / dearest)))))
            + (LatencyWeight * (1 - (candidate.LatencySeconds / slowest)))
            + (ReliabilityWeight * candidate.Reliability);
    }

    // A model made for exactly what is given fits best: with an image, one that is built around it; without, one that needs none.
    private static double Fit(ModelCard card, Demand demand)
    {
        var hasImage = demand.Given.Contains(MediaKind.Image);
        var takesImage = card.Inputs.Contains(MediaKind.Image);
        return (hasImage, takesImage) switch
        {
            (true, true) => card.Requires.Contains(MediaKind.Image) ? 1 : 0.9,
            (false, true) => 0.9,
            (false, false) => 1,
            _ => 0,
        };
    }

    private static string Explain(Candidate chosen, bool isPreferred, RouteRequest request, Demand demand, double complexity, int fit, int known)
    {
        var kind = request.Capability == "generate_video" ? demand.Given.Contains(MediaKind.Image) ? "image to video" : "text to video" : request.Capability;
        var why = isPreferred ? "it is the first of the plan's models that fits"
            : request.Preferred.Count > 0 ? "none of the plan's models can take it now"
            : request.Constraints.Tier is { } tier ? $"it scores best for the {Name(tier)} tier"
            : demand.Prompt.Length == 0 ? "it scores best"
            : complexity < Simple ? "the prompt is simple and it is good enough for less"
            : complexity >= Complex ? "the prompt is complex and quality counts most"
            : "it balances quality and price best";
        return string.Create(CultureInfo.InvariantCulture, $"{chosen.Card.Id} for {kind}: {why} ({fit} of {known} models fit; about {chosen.LatencySeconds:0.#} s, {chosen.CostMicros} micros).");
    }

    private static string WhyLater(Candidate candidate, Candidate chosen, bool isPreferred)
    {
        if (isPreferred) return "comes after the plan's choice";
        if (candidate.CostMicros > chosen.CostMicros) return "costs more for what it adds here";
        if (candidate.Quality < chosen.Quality) return "is expected to look worse";
        return candidate.LatencySeconds > chosen.LatencySeconds ? "is slower" : "scores lower";
    }

    private static string Name(Tier tier) => tier.ToString().ToLowerInvariant();
}
