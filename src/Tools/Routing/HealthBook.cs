using Pipeline.Storage.State;
using Pipeline.Tools.Models;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Routing;

/// <summary>Reads how models fared.</summary>
internal static class HealthBook
{
    private const int MostAttempts = 500;
    private const int MostOutcomes = 2_000;
    private const int MostResults = 500;

    public static async ValueTask<IReadOnlyDictionary<string, ModelHealth>> OfAsync(IQuery query, IReadOnlyCollection<ModelCard> cards, string? holder)
    {
        if (cards.Count == 0) return new Dictionary<string, ModelHealth>();
        var models = cards.Select(card => card.Id).ToList();
        var records = new HealthRecords
        {
            Attempts = await AttemptsTable.RecentAsync(query, query.NowMs - HealthWindow.LengthMs, MostAttempts).ConfigureAwait(false),
            Outcomes = await OutcomesTable.RecentAsync(query, models, query.NowMs - HealthWindow.LengthMs, MostOutcomes).ConfigureAwait(false),
            Breakers = await BreakersTable.OfAsync(query, models).ConfigureAwait(false),
            Accepted = await AttemptsTable.AcceptedAsync(query, models, query.NowMs - HealthWindow.QualityMs, MostResults).ConfigureAwait(false),
        };
        return HealthWindow.Of(records, cards, query.NowMs, holder);
    }
}
