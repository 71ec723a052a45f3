namespace Pipeline.Reliability.Checking;

/// <summary>The set that clients built by reading, adding and writing back: what is missing, and what was never added.</summary>
/// <param name="Lost">Adds that were answered and are not there.</param>
/// <param name="Twice">Elements that stand there more than once.</param>
/// <param name="Strange">Elements that nobody tried to add.</param>
/// <param name="Answered">How many adds were answered.</param>
/// <param name="Recovered">How many adds of unknown outcome are there.</param>
public sealed record LostAdds(IReadOnlyList<string> Lost, IReadOnlyList<string> Twice, IReadOnlyList<string> Strange, int Answered, int Recovered)
{
    public bool IsClean => Lost.Count == 0 && Twice.Count == 0 && Strange.Count == 0;

    /// <summary>Compares what the store holds in the end with what was answered and what was tried.</summary>
    public static LostAdds Of(IEnumerable<string> final, IReadOnlyCollection<string> answered, IEnumerable<string> tried)
    {
        var there = final.GroupBy(element => element).ToDictionary(same => same.Key, same => same.Count());
        var known = tried.ToHashSet(StringComparer.Ordinal);
        var sure = answered.ToHashSet(StringComparer.Ordinal);
        return new(
            [.. sure.Where(element => !there.ContainsKey(element))],
            [.. there.Where(pair => pair.Value > 1).Select(pair => pair.Key)],
            [.. there.Keys.Where(element => !known.Contains(element))],
            sure.Count,
            there.Keys.Count(element => !sure.Contains(element) && known.Contains(element)));
    }
}
