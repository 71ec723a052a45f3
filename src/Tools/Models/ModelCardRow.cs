using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Models;

/// <summary>A registered card as stored.</summary>
public sealed record ModelCardRow
{
    /// <summary>Grows with every registration of any card.</summary>
    public long Revision { get; init; }
    public string Model { get; init; } = "";

    /// <summary>1 for the first registration of this model, then one more each time.</summary>
    public long Version { get; init; }

    /// <summary>The <see cref="ModelCard"/> as JSON.</summary>
    public string Card { get; init; } = "";
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";
    public long AtMs { get; init; }

    public ModelCard Read() => Wire.Read<ModelCard>(Card);
}
