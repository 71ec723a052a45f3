namespace Pipeline.Index;

/// <summary>A question in plain words, and what its answers must meet.</summary>
/// <param name="Scope">Only entries of this scope are looked at.</param>
/// <param name="Text">Words, never syntax.</param>
public sealed record SearchQuery(string Scope, string Text)
{
    /// <summary>At most this many hits.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>Only these kinds; null or empty: all.</summary>
    public IReadOnlyCollection<EntryKind>? Kinds { get; init; }

    /// <summary>Only this subject.</summary>
    public string? Subject { get; init; }

    /// <summary>Only this version. Without it each source answers for the newest version that it has described.</summary>
    public long? Version { get; init; }

    /// <summary>All of these must hold.</summary>
    public IReadOnlyList<FieldCondition> Conditions { get; init; } = [];

    /// <summary>Hits scored lower are left out; 0 to 1, see <see cref="SearchHit.Score"/>.</summary>
    public double? MinScore { get; init; }
}
