namespace Pipeline.Index.Text;

/// <summary>Which of a question's terms are worth asking for: the cost of a full-text OR is the number of entries that its terms match.</summary>
/// <param name="Terms">Rarest first, each held by at least one entry.</param>
/// <param name="Matches">At most this many entries match.</param>
public sealed record QueryPlan(IReadOnlyList<string> Terms, long Matches)
{
    /// <summary>
    /// Takes the rarest terms while their matches stay within <paramref name="budget"/>; the rarest one is always taken. Terms that no entry
    /// holds are dropped.
    /// </summary>
    /// <param name="terms">The question's terms.</param>
    /// <param name="frequencies">For each term that any entry holds, how many do.</param>
    public static QueryPlan Of(IEnumerable<string> terms, IReadOnlyDictionary<string, long> frequencies, long budget)
    {
        var taken = new List<string>();
        long matches = 0;
        foreach (var (term, count) in terms.Select(term => (term, frequencies.GetValueOrDefault(term))).Where(pair => pair.Item2 > 0)
            .OrderBy(pair => pair.Item2).ThenBy(pair => pair.term, StringComparer.Ordinal))
        {
            if (taken.Count > 0 && matches + count > budget)
            {
                break;
            }

            taken.Add(term);
            matches += count;
        }

        return new QueryPlan(taken, matches);
    }
}
