namespace Pipeline.Index;

internal sealed record KeptVectorRow
{
    public long EntryId { get; init; }
    public float[] Vector { get; init; } = [];
}
