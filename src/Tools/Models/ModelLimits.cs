namespace Pipeline.Tools.Models;

/// <summary>What a model can take; null means that no limit is declared.</summary>
public sealed record ModelLimits
{
    public double? MaxDurationSeconds { get; init; }

    public int? MaxWidth { get; init; }

    public int? MaxHeight { get; init; }

    /// <summary>Aspect ratios as <c>16:9</c>; empty means any.</summary>
    public IReadOnlyList<string> Aspects { get; init; } = [];

    public int? MaxReferences { get; init; }

    public int? MaxPromptCharacters { get; init; }

    /// <summary>Whether its video comes with sound.</summary>
    public bool Audio { get; init; }
}
