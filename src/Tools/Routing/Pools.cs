using Pipeline.Storage.State;
using Pipeline.Tools.Models;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Routing;

/// <summary>
/// A model is a pool of <c>rate.concurrent</c> slots. Slots that <c>rate.reserved</c> keeps for a capability are seen as taken by the others, as far as that
/// capability does not use them itself.
/// </summary>
public sealed class Pools(IEnumerable<ICallCounter> counters)
{
    private readonly ICallCounter[] _counters = [.. counters];

    /// <summary>How busy the models with a limit are, those left out with which nothing goes on.</summary>
    public async ValueTask<IReadOnlyDictionary<string, PoolLoad>> OfAsync(IQuery query, IReadOnlyCollection<ModelCard> cards, string capability, string? runId, string? stepId)
    {
        var limited = cards.Where(card => card.Rate.Concurrent is not null).ToList();
        if (limited.Count == 0) return new Dictionary<string, PoolLoad>();
        var models = limited.Select(card => card.Id).ToList();
        var calls = (await AttemptsTable.UnderWayAsync(query, models, runId, stepId).ConfigureAwait(false)).ToList();
        foreach (var counter in _counters)
        {
            calls.AddRange(await counter.UnderWayAsync(query, models).ConfigureAwait(false));
        }

        var byModel = calls.ToLookup(call => call.Model, StringComparer.Ordinal);
        return limited.Where(card => byModel.Contains(card.Id) || card.Rate.Reserved.Count > 0)
            .ToDictionary(card => card.Id, card => Load(card, capability, [.. byModel[card.Id]]), StringComparer.Ordinal);
    }

    /// <summary>How busy a model looks to one of its capabilities.</summary>
    public static PoolLoad Load(ModelCard card, string capability, IReadOnlyList<CallsUnderWay> calls)
    {
        var kept = card.Rate.Reserved.Where(slot => slot.Key != capability)
            .Sum(slot => Math.Max(0, slot.Value - (int)calls.Where(call => call.Capability == slot.Key).Sum(call => call.Calls)));
        return new PoolLoad((int)calls.Sum(call => call.Calls), Math.Max(0, (card.Rate.Concurrent ?? int.MaxValue) - kept));
    }
}
