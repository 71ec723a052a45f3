namespace Pipeline.Tools.Assets;

/// <summary>Where a version came from.</summary>
public sealed record Lineage
{
    /// <summary>The tool that made it.</summary>
    public required string Tool { get; init; }

    /// <summary>The versions it was made from.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>How: a cut's method, a recipe, a model.</summary>
    public string? Method { get; init; }
    public string? Model { get; init; }
    public string? RunId { get; init; }
    public string? StepId { get; init; }

    /// <summary>What was asked for, as the tool took it.</summary>
    public object? Parameters { get; init; }
}
