namespace Pipeline.Index;

internal sealed record TermsRow
{
    /// <summary>The window under which the entry was asked for.</summary>
    public long WindowId { get; init; }
    public long EntryId { get; init; }

    /// <summary>Its terms in order, a space between.</summary>
    public string Terms { get; init; } = "";
    public double Similarity { get; init; }
}
