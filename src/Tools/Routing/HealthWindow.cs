using Pipeline.Tools.Models;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Routing;

/// <summary>
/// How models fared lately, from the claims that named them. A pure function of those claims. Reliability starts at what a new model is believed to
/// have and moves with every outcome; a model behind a provider's interface that failed three times in a row rests for a minute.
/// </summary>
public static class HealthWindow
{
    /// <summary>How far back claims count.</summary>
    public const long LengthMs = 60 * 60 * 1000;

    private const double Believed = 0.95;
    private const double BeliefWeight = 4;
    private const int FailuresInARow = 3;
    private const long RestMs = 60_000;

    /// <param name="finished">Finished claims with a model, newest first.</param>
    /// <param name="catalogue">Tells which models are somebody else's.</param>
    public static IReadOnlyDictionary<string, ModelHealth> Of(IEnumerable<AttemptRow> finished, Catalogue catalogue) =>
        finished.Where(attempt => attempt.Model is not null && attempt.Outcome is not (null or AttemptOutcome.Withdrawn or AttemptOutcome.Skipped or AttemptOutcome.Expired))
            .GroupBy(attempt => attempt.Model!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Of([.. group], catalogue.Find(group.Key)), StringComparer.Ordinal);

    private static ModelHealth Of(List<AttemptRow> newestFirst, ModelCard? card)
    {
        var good = newestFirst.Count(attempt => attempt.Outcome == AttemptOutcome.Succeeded);
        var inARow = newestFirst.TakeWhile(attempt => attempt.Outcome is AttemptOutcome.Failed or AttemptOutcome.Timeout).Count();
        // A local filter that fails does so because of what it was given; resting does not help it.
        var rests = inARow >= FailuresInARow && card?.Kind == ModelKind.Http;
        return new ModelHealth
        {
            Reliability = (good + (Believed * BeliefWeight)) / (newestFirst.Count + BeliefWeight),
            CooldownUntilMs = rests ? newestFirst[0].EndedAtMs + RestMs : null,
            Note = rests ? $"failed {inARow} times in a row" : null,
        };
    }
}
