using Pipeline.Storage.State;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Models;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Routing;

/// <summary>Sets models side by side by what is stored of the last seven days.</summary>
internal static class Comparing
{
    private const long LengthMs = 7L * 24 * 60 * 60 * 1000;
    private const int Most = 5_000;

    /// <summary>Those of which something is known.</summary>
    public static async ValueTask<IReadOnlyList<ModelRecord>> OfAsync(IQuery query, IReadOnlyList<ModelCard> cards)
    {
        if (cards.Count == 0) return [];
        var since = query.NowMs - LengthMs;
        var models = cards.Select(card => card.Id).ToList();
        var outcomes = (await OutcomesTable.RecentAsync(query, models, since, Most).ConfigureAwait(false)).ToLookup(outcome => outcome.Model, StringComparer.Ordinal);
        var attempts = (await AttemptsTable.RecentAsync(query, since, Most).ConfigureAwait(false)).ToLookup(attempt => attempt.Model!, StringComparer.Ordinal);
        var accepted = (await AttemptsTable.AcceptedAsync(query, models, since, Most).ConfigureAwait(false)).ToLookup(result => result.Model, StringComparer.Ordinal);
        var costs = (await CostsTable.ByModelAsync(query, models, since).ConfigureAwait(false)).ToDictionary(cost => cost.Model, StringComparer.Ordinal);
        return
        [
            .. models.Select(model => Of(model, [.. outcomes[model]], [.. attempts[model]], [.. accepted[model]], costs.GetValueOrDefault(model)))
                .Where(record => record.Calls > 0 || record.CostMicros > 0),
        ];
    }

    private static ModelRecord Of(string model, List<OutcomeRow> outcomes, List<AttemptRow> attempts, List<AcceptedResult> accepted, ModelCost? cost)
    {
        var isCalled = outcomes.Count > 0;
        var judged = attempts.Where(attempt => attempt.Outcome is AttemptOutcome.Succeeded or AttemptOutcome.Failed or AttemptOutcome.Timeout or AttemptOutcome.BelowBar).ToList();
        var calls = isCalled ? outcomes.Count : judged.Count;
        var good = isCalled ? outcomes.Count(outcome => outcome.Ended == OutcomeKind.Succeeded) : judged.Count(attempt => attempt.Outcome == AttemptOutcome.Succeeded);
        var times = isCalled
            ? outcomes.Where(outcome => outcome.Ended == OutcomeKind.Succeeded).Select(outcome => outcome.LatencySeconds).OfType<double>().ToList()
            : accepted.Select(result => (result.EndedAtMs - result.ClaimedAtMs) / 1000.0).ToList();
        var quality = accepted.Select(result => MeasuredQuality.Of(result.Metrics)).OfType<double>().ToList();
        return new ModelRecord(
            model, calls, calls == 0 ? null : Math.Round((double)good / calls, 4), Rounded(Median.Of(quality)), accepted.Count,
            cost?.CostMicros ?? 0, cost is { Charges: > 0 } ? cost.CostMicros / cost.Charges : null, Rounded(Median.Of(times)));
    }

    private static double? Rounded(double? figure) => figure is { } number ? Math.Round(number, 4) : null;
}
