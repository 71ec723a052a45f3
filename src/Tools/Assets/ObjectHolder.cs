namespace Pipeline.Tools.Assets;

/// <summary>A version that holds an object.</summary>
public sealed record ObjectHolder
{
    /// <summary>Address with its version.</summary>
    public string Asset { get; init; } = "";

    /// <summary>Bytes that the object must have.</summary>
    public long SizeBytes { get; init; }
}
