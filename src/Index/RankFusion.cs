namespace Pipeline.Index;

/// <summary>Reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009): the sum over lists of weight / (60 + rank).</summary>
public static class RankFusion
{
    private const double K = 60;

    /// <summary>
    /// Fuses ranked lists of distinct ids, best first. Scores are shares of the highest possible sum, so 1 is first in every list.
    /// Equal scores stand in the order of their ids.
    /// </summary>
    /// <param name="lists">One list per leg.</param>
    /// <param name="weights">One positive weight per list; none: all equal.</param>
    public static IReadOnlyList<(long Id, double Score)> Fuse(IReadOnlyList<IReadOnlyList<long>> lists, IReadOnlyList<double>? weights = null)
    {
        var sums = new Dictionary<long, double>();
        double highest = 0;
        for (var list = 0; list < lists.Count; list++)
        {
            var weight = weights?[list] ?? 1;
            highest += weight / (K + 1);
            for (var place = 0; place < lists[list].Count; place++)
            {
                var id = lists[list][place];
                sums[id] = sums.GetValueOrDefault(id) + (weight / (K + 1 + place));
            }
        }

        return [.. sums.Select(pair => (pair.Key, pair.Value / highest)).OrderByDescending(pair => pair.Item2).ThenBy(pair => pair.Key)];
    }
}
