namespace Pipeline.Index;

internal sealed record PostingsRow
{
    public string Term { get; init; } = "";

    /// <summary>The id of the list's first entry.</summary>
    public long FirstEntryId { get; init; }
    public byte[] List { get; init; } = [];
}
