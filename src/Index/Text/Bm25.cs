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

    /// <summary>The score of an entry with these terms; 0 when it holds none of the query's.</summary>
    public double Score(IReadOnlyList<string> terms)
    {
        var norm = Saturation * (1 - LengthShare + (LengthShare * terms.Count / Math.Max(1, averageLength)));
        double sum = 0;
        foreach (var (term, frequency) in frequencies)
        {
            var count = terms.Count(other => other == term);
            if (count > 0)
            {
                sum += Math.Log(1 + ((Math.Max(documents, frequency) - frequency + 0.5) / (frequency + 0.5))) * count * (Saturation + 1) / (count + norm);
            }
        }

        return sum;
    }
}
