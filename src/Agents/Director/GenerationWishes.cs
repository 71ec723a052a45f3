namespace Pipeline.Agents.Director;

/// <summary>What is asked about the models that generate a film.</summary>
public sealed record GenerationWishes
{
    /// <summary>Only models that run on the server itself, which cost nothing.</summary>
    public bool LocalOnly { get; init; }

    /// <summary>Models to prefer, in this order, each for what it can do.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Of the takes, and by how much winners are enlarged.</summary>
    public FilmSize Size { get; init; } = new();

    /// <summary>A person approves the draft cut before the winners are enlarged and graded.</summary>
    public bool NeedsApproval { get; init; }
}
