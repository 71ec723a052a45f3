namespace Pipeline.Index.Text;

/// <summary>
/// Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) with the statistics of one scope, so that every back end
/// ranks its candidates alike and no scope's words weigh in another's.
/// </summary>
/// <param name="documents">Entries in the scope.</param>
/// <param name="averageLength">Their mean length in terms.</param>
/// <param name="frequencies">For each term of the query, how many entries of the scope hold it.</param>
public sealed class Bm25(long documents, double averageLength, IReadOnlyDictionary<string, long> frequencies)
{
    private const double Saturation = 1.2;
    private const double LengthShare = 0.75;

    private readonly (string Term, double Weight)[] _weights = [.. frequencies.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key,
        Math.Log(1 + ((Math.Max(documents, pair.Value) - pair.Value + 0.5) / (pair.Value + 0.5)))))];

    /// <summary>The question's terms in the order in which their shares are summed, so that equal entries score alike to the last bit.</summary>
    public IEnumerable<string> Terms => _weights.Select(pair => pair.Term);

    /// <summary>The score of an entry with these terms; 0 when it holds none of the query's.</summary>
    /// <param name="terms">The entry's terms.</param>
    /// <param name="only">The question's terms that count; null: all.</param>
    public double Score(IReadOnlyList<string> terms, IReadOnlyList<string>? only = null)
    {
        double sum = 0;
        foreach (var (term, weight) in _weights)
        {
            if (only?.Contains(term) == false)
            {
                continue;
            }

            var count = 0;
            for (var place = 0; place < terms.Count; place++)
            {
                count += terms[place] == term ? 1 : 0;
            }

            sum += count > 0 ? Share(weight, count, terms.Count) : 0;
        }

        return sum;
    }

    /// <summary>What one term adds to the score of an entry that holds it <paramref name="count"/> times among <paramref name="length"/> terms.</summary>
    public double Share(string term, int count, int length) => Share(Array.Find(_weights, pair => pair.Term == term).Weight, count, length);

    private double Share(double weight, int count, int length) =>
        weight * count * (Saturation + 1) / (count + (Saturation * (1 - LengthShare + (LengthShare * length / Math.Max(1, averageLength)))));
}
