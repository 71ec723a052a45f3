using Pipeline.Index.Text;

namespace Pipeline.Index;

/// <summary>What ranking by words needs to know of a scope.</summary>
/// <param name="Entries">Its current entries.</param>
/// <param name="Terms">The sum of their terms.</param>
/// <param name="Frequencies">For each of the question's terms that any entry holds, how many do.</param>
internal sealed record WordStatistics(long Entries, long Terms, IReadOnlyDictionary<string, long> Frequencies)
{
    public Bm25 Scores() => new(Entries, Entries == 0 ? 1 : (double)Terms / Entries, Frequencies);
}
