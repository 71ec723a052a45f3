namespace Pipeline.Tools.Models;

/// <summary>How much a provider takes at once; null means that no limit is declared.</summary>
public sealed record ModelRate
{
    public int? RequestsPerMinute { get; init; }

    public int? Concurrent { get; init; }
}
