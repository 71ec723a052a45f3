using Pipeline.Tools.Models;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Routing;

/// <summary>
/// How models fared lately. A pure function of what is stored: outcomes of calls, where there are any, else claims of workers that named the model; breakers;
/// and what was measured of accepted results. Reliability and quality start at what a new model is believed to have and move with everything seen.
/// </summary>
public static class HealthWindow
{
    /// <summary>How far back calls and claims count.</summary>
    public const long LengthMs = 60 * 60 * 1000;

    /// <summary>How far back measured results count.</summary>
    public const long QualityMs = 7 * 24 * LengthMs;

    private const double Believed = 0.95;
    private const double BeliefWeight = 4;
    private const int FailuresInARow = 3;
    private const int FewestTimes = 3;
    private const long RestMs = 60_000;

    /// <summary>The health of every card of which something is known.</summary>
    /// <param name="records">What is stored.</param>
    /// <param name="cards">The models asked about.</param>
    /// <param name="nowMs">The store's clock.</param>
    /// <param name="holder">Who asks: a half-open model that this one may try is open to it.</param>
    public static IReadOnlyDictionary<string, ModelHealth> Of(HealthRecords records, IEnumerable<ModelCard> cards, long nowMs, string? holder = null)
    {
        var attempts = records.Attempts.Where(IsEvidence).ToLookup(attempt => attempt.Model!, StringComparer.Ordinal);
        var outcomes = records.Outcomes.ToLookup(outcome => (outcome.Provider, outcome.Model));
        var accepted = records.Accepted.ToLookup(result => result.Model, StringComparer.Ordinal);
        var health = new Dictionary<string, ModelHealth>(StringComparer.Ordinal);
        foreach (var card in cards)
        {
            var key = (card.Provider, card.Id);
            var known = outcomes.Contains(key) ? OfCalls([.. outcomes[key]])
                : attempts.Contains(card.Id) ? Of([.. attempts[card.Id]], card) : new ModelHealth();
            known = known with { Quality = QualityOf(card, accepted[card.Id]) };
            // A local filter that fails does so because of what it was given; resting does not help it.
            if (card.Kind == ModelKind.Http && records.Breakers.TryGetValue(key, out var breaker)) known = Resting(known, breaker, nowMs, holder);
            if (known != new ModelHealth()) health[card.Id] = known;
        }

        return health;
    }

    /// <summary>The same of claims alone.</summary>
    /// <param name="finished">Finished claims with a model, newest first.</param>
    /// <param name="catalogue">Tells which models are somebody else's.</param>
    public static IReadOnlyDictionary<string, ModelHealth> Of(IEnumerable<AttemptRow> finished, Catalogue catalogue) =>
        Of(new HealthRecords { Attempts = [.. finished] }, catalogue.Models, 0);

    private static bool IsEvidence(AttemptRow attempt) =>
        attempt.Model is not null && attempt.Outcome is not (null or AttemptOutcome.Withdrawn or AttemptOutcome.Skipped or AttemptOutcome.Expired);

    private static ModelHealth OfCalls(List<OutcomeRow> calls)
    {
        var good = calls.Count(call => call.Ended == OutcomeKind.Succeeded);
        var times = calls.Where(call => call.Ended == OutcomeKind.Succeeded && call.LatencySeconds is not null).Select(call => call.LatencySeconds!.Value).ToList();
        return new ModelHealth { Reliability = Share(good, calls.Count), LatencySeconds = times.Count < FewestTimes ? null : Median.Of(times) };
    }

    private static ModelHealth Of(List<AttemptRow> newestFirst, ModelCard card)
    {
        var good = newestFirst.Count(attempt => attempt.Outcome == AttemptOutcome.Succeeded);
        var inARow = newestFirst.TakeWhile(attempt => attempt.Outcome is AttemptOutcome.Failed or AttemptOutcome.Timeout).Count();
        var rests = inARow >= FailuresInARow && card.Kind == ModelKind.Http;
        return new ModelHealth
        {
            Reliability = Share(good, newestFirst.Count),
            CooldownUntilMs = rests ? newestFirst[0].EndedAtMs + RestMs : null,
            Note = rests ? $"failed {inARow} times in a row" : null,
        };
    }

    private static ModelHealth Resting(ModelHealth known, Breaker breaker, long nowMs, string? holder)
    {
        if (breaker.IsResting(nowMs)) return known with { CooldownUntilMs = breaker.RestsUntilMs, Note = breaker.Why };
        if (!breaker.IsHalfOpen(nowMs)) return known;
        var isMine = breaker.ProbeHolder == holder && breaker.ProbeSent == 0;
        return known with { IsOnTrial = true, IsTriedByAnother = breaker.ProbeUntilMs > nowMs && !isMine, Note = breaker.Why };
    }

    private static double? QualityOf(ModelCard card, IEnumerable<AcceptedResult> results)
    {
        var measured = results.Select(result => MeasuredQuality.Of(result.Metrics)).OfType<double>().ToList();
        return measured.Count == 0 ? null : (measured.Sum() + (card.Quality * BeliefWeight)) / (measured.Count + BeliefWeight);
    }

    private static double Share(int good, int all) => (good + (Believed * BeliefWeight)) / (all + BeliefWeight);
}
