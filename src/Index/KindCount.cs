namespace Pipeline.Index;

/// <summary>How many entries of a kind there are.</summary>
internal sealed record KindCount
{
    public string Kind { get; init; } = "";
    public long Entries { get; init; }
}
