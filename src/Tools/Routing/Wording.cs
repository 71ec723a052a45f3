using System.Globalization;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Routing;

/// <summary>Says in plain words why a model was taken, and why others were not.</summary>
internal static class Wording
{
    private const double Simple = 0.25;
    private const double Complex = 0.6;

    public static string Reason(Assessment found, int chosen, Cause cause, int fallback)
    {
        ref readonly var verdict = ref found[chosen];
        var id = found.Cards[chosen].Card.Id;
        var kind = found.Request.Capability != "generate_video" ? found.Request.Capability : found.Demand.Given.Contains(MediaKind.Image) ? "image to video" : "text to video";
        var reason = string.Create(CultureInfo.InvariantCulture,
            $"{id} for {kind}: {Why(found, chosen, cause)} ({found.Open} of {found.Cards.Length} models fit; about {verdict.LatencySeconds:0.#} s, {verdict.CostMicros} micros)");
        if (found.Request.Rules.Count > 0) reason += $"; by rule {string.Join(", ", found.Request.Rules)}";
        if (fallback >= 0) reason += $"; in place of {found.Cards[fallback].Card.Id}, which {Against(found, fallback)}";
        if (found.State.Health.GetValueOrDefault(id)?.IsOnTrial == true) reason += "; its rest is over and this call tries it";
        if (verdict.IsFull) reason += $"; {Full(found, chosen)}, so it may wait";
        return reason + ".";
    }

    public static IReadOnlyList<Alternative> Refused(Assessment found) =>
        [.. Enumerable.Range(0, found.Cards.Length).Select(at => new Alternative(found.Cards[at].Card.Id, null, Against(found, at)))];

    public static IReadOnlyList<Alternative> Alternatives(Assessment found, int chosen, Cause cause)
    {
        var others = Enumerable.Range(0, found.Cards.Length).Where(at => at != chosen).ToList();
        return
        [
            .. others.Where(at => found[at].IsOpen).OrderByDescending(at => found[at].Score).ThenBy(at => at)
                .Select(at => new Alternative(found.Cards[at].Card.Id, found[at].Score, Later(found, at, chosen, cause))),
            .. others.Where(at => !found[at].IsOpen).Select(at => new Alternative(found.Cards[at].Card.Id, null, Against(found, at))),
        ];
    }

    private static string Why(Assessment found, int chosen, Cause cause)
    {
        if (cause == Cause.Plan) return "it is the first of the plan's models that fits";
        if (cause == Cause.Traffic)
            return string.Create(CultureInfo.InvariantCulture, $"the shot '{found.Request.Shot}' is in its {found.State.Weights![found.Cards[chosen].Card.Id] * 100:0.##} % of the traffic");
        if (found.Request.Preferred.Count > 0) return "none of the plan's models can take it now";
        if (found.Request.Constraints.Tier is { } tier) return $"it scores best for the {Name(tier)} tier";
        if (found.Demand.Prompt.Length == 0) return "it scores best";
        return found.Complexity switch
        {
            < Simple => "the prompt is simple and it is good enough for less",
            >= Complex => "the prompt is complex and quality counts most",
            _ => "it balances quality and price best",
        };
    }

    private static string Later(Assessment found, int at, int chosen, Cause cause)
    {
        ref readonly var other = ref found[at];
        ref readonly var taken = ref found[chosen];
        if (other.IsFull && !taken.IsFull) return Full(found, at);
        if (cause == Cause.Plan) return "comes after the plan's choice";
        if (cause == Cause.Traffic) return found.State.Weights!.ContainsKey(found.Cards[at].Card.Id) ? "has other shots of the traffic" : "has no share of the traffic";
        if (other.CostMicros > taken.CostMicros) return "costs more for what it adds here";
        if (other.Quality < taken.Quality) return "is expected to look worse";
        return other.LatencySeconds > taken.LatencySeconds ? "is slower" : "scores lower";
    }

    private static string Against(Assessment found, int at)
    {
        var card = found.Cards[at].Card;
        ref readonly var verdict = ref found[at];
        var constraints = found.Request.Constraints;
        var why = Fitness.Say(card, found.Demand, verdict.Misfit).ToList();
        if (verdict.Has(Objection.NoPrice)) why.Add("has no price for this, so it is not called");
        if (verdict.Has(Objection.Unserved)) why.Add($"has no provider on this server ('{card.Provider}' is not in its providers file)");
        if (verdict.Has(Objection.Excluded)) why.Add("is excluded");
        if (found.Request.Failed.Contains(card.Id)) why.Add("failed this step before");
        if (verdict.Has(Objection.Tier)) why.Add($"is {Name(card.Tier)}, {Name(constraints.Tier!.Value)} asked");
        if (verdict.Has(Objection.TooDear)) why.Add(string.Create(CultureInfo.InvariantCulture, $"costs {verdict.CostMicros} micros, at most {constraints.MaxCostMicros} allowed"));
        if (verdict.Has(Objection.TooSlow)) why.Add(string.Create(CultureInfo.InvariantCulture, $"takes about {verdict.LatencySeconds:0.#} s, {constraints.DeadlineSeconds:0.#} s allowed"));
        if (verdict.Has(Objection.Resting))
        {
            var health = found.State.Health[card.Id];
            why.Add(string.Create(CultureInfo.InvariantCulture, $"rests for {(health.CooldownUntilMs!.Value - found.State.NowMs) / 1_000.0:0.#} s{(health.Note is null ? "" : $" ({health.Note})")}"));
        }

        if (verdict.Has(Objection.Tried)) why.Add("is being tried by another after its rest");
        if (verdict.IsFull && why.Count == 0) why.Add(Full(found, at));
        return string.Join(" and ", why);
    }

    private static string Full(Assessment found, int at)
    {
        var pool = found.State.Pools[found.Cards[at].Card.Id];
        return string.Create(CultureInfo.InvariantCulture, $"is full ({pool.InFlight} at work, {pool.Limit} slots)");
    }

    private static string Name(Tier tier) => tier.ToString().ToLowerInvariant();
}
