namespace Pipeline.Index;

internal sealed record VectorRow
{
    public long EntryId { get; init; }
    public string Kind { get; init; } = "";
    public long? FirstEntryId { get; init; }
    public byte[] Vector { get; init; } = [];
}
