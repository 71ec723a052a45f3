namespace Pipeline.Index;

/// <summary>An entry that answers a query, and why it stands where it does.</summary>
/// <param name="Entry">The entry as it is stored.</param>
/// <param name="Score">
/// 0 to 1: the reciprocal ranks' sum as a share of the highest possible one. 1 is first in both lists; first in one and absent
/// from the other is 0.6 for vectors and 0.4 for words.
/// It orders the hits of one query and is no probability.
/// </param>
/// <param name="LexicalRank">Place in the list by words, from 1; null when it is not in it.</param>
/// <param name="VectorRank">Place in the list by vectors, from 1; null when it is not in it.</param>
/// <param name="Similarity">Cosine of the entry's and the query's vectors; null when it is not in that list.</param>
public sealed record SearchHit(StoredEntry Entry, double Score, int? LexicalRank, int? VectorRank, double? Similarity);
