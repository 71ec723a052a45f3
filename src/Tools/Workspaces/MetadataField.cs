namespace Pipeline.Tools.Workspaces;

/// <summary>What one metadata field may hold.</summary>
public sealed record MetadataField
{
    public MetadataType Type { get; init; }
    public bool Required { get; init; }

    /// <summary>The values allowed, for text.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>Lowest value, for numbers and timestamps (seconds).</summary>
    public double? Min { get; init; }

    /// <summary>Highest value, for numbers and timestamps (seconds).</summary>
    public double? Max { get; init; }
}
