using Pipeline.Index.Text;

namespace Pipeline.Index;

/// <summary>A query with its words cleaned and embedded.</summary>
/// <param name="Query">As it was asked.</param>
/// <param name="Text">Its words (<see cref="PlainText"/>).</param>
/// <param name="Vector">Their vector, normalised.</param>
internal sealed record Question(SearchQuery Query, string Text, float[] Vector)
{
    /// <summary>The terms that entries are looked up by.</summary>
    public IReadOnlyList<string> Terms { get; } = Index.Text.Terms.OfQuery(Text);

    /// <summary>The terms that what was found is ranked by.</summary>
    public IReadOnlyList<string> RankingTerms { get; } = Index.Text.Terms.OfRanking(Text);
}
