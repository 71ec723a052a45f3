namespace Pipeline.Tools.Models;

/// <summary>The last registration. A number alone would not do: one that was undone is given again.</summary>
public sealed record CatalogueRevision
{
    public long Revision { get; init; }
    public string Model { get; init; } = "";
    public long Version { get; init; }
    public long AtMs { get; init; }
}
