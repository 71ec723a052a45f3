namespace Pipeline.Tools.Audit;

/// <summary>The end of a workspace's chain.</summary>
public sealed record AuditHead
{
    public static readonly AuditHead Empty = new();

    /// <summary>How many entries there are.</summary>
    public long Sequence { get; init; }

    /// <summary>Hash of the newest; empty when there is none.</summary>
    public string Hash { get; init; } = AuditChain.Start;
}
