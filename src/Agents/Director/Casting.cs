namespace Pipeline.Agents.Director;

/// <summary>Which models are to do what, preferred first; a capability without a list is left to the router.</summary>
public sealed record Casting(IReadOnlyDictionary<string, IReadOnlyList<string>> Models)
{
    public static Casting Open { get; } = new(new Dictionary<string, IReadOnlyList<string>>());

    /// <summary>Models that were asked for and cannot take the work, each with why.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>The models of a capability; null to leave it to the router.</summary>
    public IReadOnlyList<string>? For(string capability) => Models.TryGetValue(capability, out var models) && models.Count > 0 ? models : null;

    /// <summary>
    /// Two that compete for a shot: each begins with another model and falls back to the rest. With one model both name it and differ by
    /// their seed.
    /// </summary>
    public (IReadOnlyList<string>? A, IReadOnlyList<string>? B) Rivals()
    {
        if (For("generate_video") is not { } models) return (null, null);
        if (models.Count == 1) return (models, models);
        // The other's first comes last: who falls back should not make the same take twice.
        return ([models[0], .. models.Skip(2), models[1]], [models[1], .. models.Skip(2), models[0]]);
    }
}
