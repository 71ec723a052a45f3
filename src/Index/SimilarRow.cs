namespace Pipeline.Index;

internal sealed record SimilarRow
{
    public long EntryId { get; init; }

    /// <summary>For a window: the id of its first cue.</summary>
    public long? FirstEntryId { get; init; }
    public double Similarity { get; init; }

    /// <summary>Set on an entry whose terms were asked for beside the similar ones, and on no other.</summary>
    public string? Terms { get; init; }
}
