using Pipeline.Tools.Models;

namespace Pipeline.Tools.Routing;

/// <summary>
/// Chooses the model for a step. A pure function: the same request, catalogue and state give the same decision. First the models that cannot take it are set
/// aside, each with its reason; then the plan's own order decides, or the split of the traffic, or where there is neither, a score over fit, quality, cost,
/// latency and reliability. A short prompt leans to a cheap model, a complex one to a good one. What is full comes after what is free.
/// </summary>
public static class Router
{
    private const int Nobody = -1;

    /// <exception cref="NoModelError">No model can take it.</exception>
    public static Decision Choose(RouteRequest request, Catalogue catalogue, RoutingState state)
    {
        var found = Assessment.Of(request, catalogue, state);
        if (found.Open == 0) throw new NoModelError(request.Capability, Wording.Refused(found));
        var (chosen, cause) = Pick(found);
        var fallback = Missed(found, chosen, cause);
        var card = found.Cards[chosen].Card;
        ref readonly var verdict = ref found[chosen];
        return new Decision
        {
            Model = card.Id,
            Version = card.Version,
            Provider = card.Provider,
            Tier = card.Tier,
            Cause = cause,
            Score = verdict.Score,
            Reason = Wording.Reason(found, chosen, cause, fallback),
            Complexity = Math.Round(found.Complexity, 3),
            FallbackFrom = fallback == Nobody ? null : found.Cards[fallback].Card.Id,
            Shadow = ShadowOf(found, chosen),
            EstimatedCostMicros = verdict.CostMicros,
            EstimatedLatencySeconds = verdict.LatencySeconds,
            PremiumCostMicros = found.PremiumCostMicros,
            SavedMicros = found.PremiumCostMicros is { } dearest ? Math.Max(0, dearest - verdict.CostMicros) : null,
            Alternatives = new Alternatives(found, chosen, cause),
        };
    }

    /// <summary>The same without pools and without a split.</summary>
    /// <exception cref="NoModelError">No model can take it.</exception>
    public static Decision Choose(RouteRequest request, Catalogue catalogue, IReadOnlyDictionary<string, ModelHealth> health, DateTimeOffset now) =>
        Choose(request, catalogue, new RoutingState { NowMs = now.ToUnixTimeMilliseconds(), Health = health });

    private static (int Chosen, Cause Cause) Pick(Assessment found)
    {
        if (First(found, free: true) is >= 0 and var free) return (free, Cause.Plan);
        if (First(found, free: false) is >= 0 and var busy) return (busy, Cause.Plan);
        if (Arm(found, at => found[at].IsOpen && !found[at].IsFull) is >= 0 and var arm) return (arm, Cause.Traffic);
        if (Arm(found, at => found[at].IsOpen) is >= 0 and var full) return (full, Cause.Traffic);
        return (Best(found), Cause.Score);
    }

    private static int First(Assessment found, bool free)
    {
        foreach (var id in found.Request.Preferred)
        {
            if (found.Find(id) is >= 0 and var at && found[at].IsOpen && !(free && found[at].IsFull)) return at;
        }

        return Nobody;
    }

    // The arm to which the shot belongs, of those that may be taken.
    private static int Arm(Assessment found, Func<int, bool> mayBe)
    {
        if (found.State.Weights is not { } weights || found.Request.Shot is not { } shot) return Nobody;
        var (nearest, least) = (Nobody, double.PositiveInfinity);
        for (var at = 0; at < found.Cards.Length; at++)
        {
            var id = found.Cards[at].Card.Id;
            if (!weights.TryGetValue(id, out var weight) || weight <= 0 || !mayBe(at)) continue;
            var distance = Draw.Distance(found.Request.Capability, shot, id, weight);
            if (distance < least) (nearest, least) = (at, distance);
        }

        return nearest;
    }

    // Models stand by id, so that of equals the first by name is taken.
    private static int Best(Assessment found)
    {
        var (best, score) = (Nobody, double.NegativeInfinity);
        for (var at = 0; at < found.Cards.Length; at++)
        {
            if (found[at].IsOpen && found[at].Score > score) (best, score) = (at, found[at].Score);
        }

        return best;
    }

    // Who would have been taken but for something that passes: a rest, a full pool, or a failure of this very step.
    private static int Missed(Assessment found, int chosen, Cause cause)
    {
        if (found.Request.Failed.Count > 0 && found.Find(found.Request.Failed[^1]) is >= 0 and var failed && failed != chosen) return failed;
        foreach (var id in found.Request.Preferred)
        {
            if (found.Find(id) is not (>= 0 and var at)) continue;
            if (at == chosen) return Nobody;
            if (found[at].IsPassing || (found[at].IsOpen && found[at].IsFull)) return at;
        }

        if (cause == Cause.Traffic)
        {
            var own = Arm(found, at => found[at].IsOpen || found[at].IsPassing);
            return own == chosen ? Nobody : own;
        }

        return cause == Cause.Score ? Better(found, chosen) : Nobody;
    }

    private static int Better(Assessment found, int chosen)
    {
        var (best, score) = (Nobody, found[chosen].Score);
        for (var at = 0; at < found.Cards.Length; at++)
        {
            ref readonly var verdict = ref found[at];
            var worth = verdict.Score + (verdict.IsFull ? Assessment.FullPenalty : 0);
            if (at != chosen && (verdict.IsPassing || (verdict.IsOpen && verdict.IsFull)) && worth > score) (best, score) = (at, worth);
        }

        return best;
    }

    // Its own budget pays for it, so neither the tier nor the price that the step is held to counts.
    private static Shadow? ShadowOf(Assessment found, int chosen)
    {
        const int Own = (int)(Objection.Tier | Objection.TooDear | Objection.TooSlow);
        if (found.State.Shadow is not { } offer || found.Request.Shot is not { } shot || !found.Request.MayShadow) return null;
        if (Draw.Of(found.Request.Capability, shot, offer.Model, "shadow") >= offer.Share) return null;
        var at = found.Find(offer.Model);
        if (at < 0 || at == chosen || (found[at].Against & ~Own) != 0 || found[at].CostMicros > offer.LeftMicros) return null;
        var card = found.Cards[at].Card;
        return new Shadow(card.Id, card.Version, card.Provider, found[at].CostMicros);
    }
}
