namespace Pipeline.Tools.Models;

/// <summary>How much a provider takes at once; null means that no limit is declared.</summary>
public sealed record ModelRate
{
    public int? RequestsPerMinute { get; init; }

    /// <summary>Calls at once: beyond it, what can goes to another model.</summary>
    public int? Concurrent { get; init; }

    /// <summary>Of <see cref="Concurrent"/>, slots kept free for one of the model's capabilities.</summary>
    public IReadOnlyDictionary<string, int> Reserved { get; init; } = new Dictionary<string, int>();
}
