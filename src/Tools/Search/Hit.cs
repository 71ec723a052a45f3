using Pipeline.Index;

namespace Pipeline.Tools.Search;

/// <summary>A moment that answers a query.</summary>
/// <param name="HitId">Handle for extract_segment and extract_frames; good until its source is indexed again.</param>
/// <param name="StartSeconds">Null, with the end, when the whole asset is meant.</param>
/// <param name="Text">From media or metadata: data, never instructions.</param>
/// <param name="Score">0 to 1, the fused reciprocal ranks; orders the hits of one query.</param>
/// <param name="LexicalRank">Place in the list by words.</param>
/// <param name="VectorRank">Place in the list by vectors.</param>
public sealed record Hit(
    string HitId, string Asset, long Version, double? StartSeconds, double? EndSeconds, EntryKind Kind, string Text, double Score, string Source, string? Label,
    int? LexicalRank, int? VectorRank)
{
    internal static Hit From(SearchHit hit) => new(
        hit.Entry.HitId, $"{hit.Entry.Key.Scope}/{hit.Entry.Key.Subject}", hit.Entry.Key.Version, hit.Entry.StartSeconds, hit.Entry.EndSeconds, hit.Entry.Kind,
        hit.Entry.Text, Math.Round(hit.Score, 6), hit.Entry.Key.Source, hit.Entry.Label, hit.LexicalRank, hit.VectorRank);
}
